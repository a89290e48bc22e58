import type { Answer, Question, Quiz } from '@colonnade/questions'
import type { Analysed } from '../queries/teaching.ts'

/** What many learners made of one question. */
export type QuestionAnalysis = {
  question: string
  html: string
  asked: number
  answered: number
  /** Mean share of the points, 0 (nobody) to 1 (everybody). */
  difficulty: number
  /**
   * How well it tells strong learners from weak: the correlation of its points with those of the rest of the attempt, -1
   * to 1. Null where it cannot be said: too few, or all alike.
   */
  discrimination: number | null
  /** What was answered instead of the right answer, the most frequent first. */
  wrong: { answer: string; count: number }[]
}

const mostWrong = 10
const fewest = 5

/** Difficulty and discrimination of each question of an item, and the wrong answers ranked. */
export function analyse(quiz: Quiz, attempts: readonly Analysed[]): QuestionAnalysis[] {
  return quiz.questions.map((question) => {
    const { key, html } = question
    const own = attempts.flatMap(({ answers, marks, points }) => {
      const mark = marks.find((one) => one.question === key)
      if (!mark) return []
      const answer = new Map(Object.entries(answers)).get(key)
      return [{ mark, answer, share: mark.points / mark.of, rest: points - mark.points }]
    })
    const read = own.filter(({ mark }) => mark.verdict !== 'waiting')
    const wrong = new Map<string, number>()
    for (const { mark, answer } of read) {
      if (answer === undefined || mark.verdict === 'right' || mark.verdict === 'unanswered')
        continue
      for (const text of told(question, answer)) wrong.set(text, (wrong.get(text) ?? 0) + 1)
    }
    return {
      question: key,
      html,
      asked: own.length,
      answered: own.filter(({ mark }) => mark.verdict !== 'unanswered').length,
      difficulty: mean(read.map(({ share }) => share)),
      discrimination:
        read.length < fewest
          ? null
          : correlation(
              read.map(({ share }) => share),
              read.map(({ rest }) => rest),
            ),
      wrong: [...wrong]
        .map(([answer, count]) => ({ answer, count }))
        .sort((a, b) => b.count - a.count || (a.answer < b.answer ? -1 : 1))
        .slice(0, mostWrong),
    }
  })
}

/** A wrong answer in words that stand for all like it: options and steps by what the author wrote, as HTML. */
function told(question: Question, answer: Answer): string[] {
  switch (question.type) {
    case 'single':
      return question.options.filter(({ key }) => key === answer).map(({ html }) => html)
    case 'multiple': {
      const chosen = new Set(Array.isArray(answer) ? answer : [])
      // Each wrong choice, and each right one that was left out, is a mistake of its own.
      return question.options.flatMap(({ key, html, right }) =>
        right === chosen.has(key) ? [] : [right ? `<del>${html}</del>` : html],
      )
    }
    case 'numeric':
    case 'text':
      return typeof answer === 'string' ? [escaped(answer.trim().toLowerCase().slice(0, 200))] : []
    case 'matching':
      return question.pairs.flatMap(({ key, html, match }) => {
        const given = new Map(Object.entries(answer)).get(key)
        const other = question.pairs.find((pair) => pair.match.key === given)
        return other && given !== match.key ? [`${html} → ${other.match.html}`] : []
      })
    case 'ordering':
      return Array.isArray(answer)
        ? [
            answer
              .flatMap((key) => question.steps.find((step) => step.key === key)?.html ?? [])
              .join(' → '),
          ]
        : []
    case 'essay':
      return []
  }
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length

/** Pearson's; null where one of both is the same for all. */
function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [both, ownA, ownB] = [0, 0, 0]
  for (const [place, one] of a.entries()) {
    const [byA, byB] = [one - meanA, (b[place] ?? 0) - meanB]
    both += byA * byB
    ownA += byA ** 2
    ownB += byB ** 2
  }
  return ownA < 1e-12 || ownB < 1e-12 ? null : both / Math.sqrt(ownA * ownB)
}
