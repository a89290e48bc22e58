import type { Question, Quiz } from './model.ts'
import { shuffled } from './seed.ts'

export type Step = { key: string; html: string }

/** A question as a public page may hold it: nothing in it tells the answer. */
export type Asked = { key: string; html: string; points: number } & (
  | { type: 'single' | 'multiple' | 'ordering'; options: Step[] }
  | { type: 'numeric'; withUnit: boolean }
  | { type: 'text' }
  | { type: 'matching'; left: Step[]; right: Step[] }
  | { type: 'essay'; files: boolean; rubric: (Step & { points: number })[] }
)

export type AskedQuiz = { key: string; title: string; seed: string; questions: Asked[] }

/** The questions that this seed draws, in the order it gives. */
export function draw({ questions, draw: count, shuffle }: Quiz, seed: string): Question[] {
  if (count === null && !shuffle) return questions
  return shuffled(questions, seed).slice(0, count ?? questions.length)
}

/** A quiz as the seed asks it, without its answers and explanations. */
export const ask = (quiz: Quiz, seed: string): AskedQuiz => ({
  key: quiz.key,
  title: quiz.title,
  seed,
  questions: draw(quiz, seed).map((one) => askOne(one, `${seed} ${one.key}`, quiz.shuffle)),
})

function askOne(question: Question, seed: string, shuffle: boolean): Asked {
  const { key, html, points } = question
  const asked = { key, html, points }
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const options = question.options.map(bare)
      return {
        ...asked,
        type: question.type,
        options: shuffle ? shuffled(options, seed) : options,
      }
    }
    case 'numeric':
      return {
        ...asked,
        type: 'numeric',
        withUnit: question.answers.some((one) => one.unit !== ''),
      }
    case 'text':
      return { ...asked, type: 'text' }
    case 'matching': {
      // Two may share a match: it is offered once.
      const right = new Map(question.pairs.map(({ match }) => [match.key, bare(match)]))
      return {
        ...asked,
        type: 'matching',
        left: question.pairs.map(bare),
        right: unlike([...right.values()], seed),
      }
    }
    case 'ordering':
      return { ...asked, type: 'ordering', options: unlike(question.steps.map(bare), seed) }
    case 'essay':
      return { ...asked, type: 'essay', files: question.files, rubric: question.rubric }
  }
}

const bare = ({ key, html }: Step): Step => ({ key, html })

/** Shuffled, and never by chance in the author's order, which is the answer. */
function unlike(list: readonly Step[], seed: string): Step[] {
  const order = shuffled(list, seed)
  const same = order.every((one, at) => one.key === list[at]?.key)
  return same ? [...order.slice(1), ...order.slice(0, 1)] : order
}
