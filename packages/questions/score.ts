import type { Answer, Question } from './model.ts'
import { matches, readNumber } from './text.ts'

/** `waiting`: a teacher has to read it. */
export type Verdict = 'right' | 'partly' | 'wrong' | 'unanswered' | 'unit' | 'waiting'

/** What an answer is worth, and why: the line of the trace that a learner reads. */
export type Mark = {
  question: string
  points: number
  /** At most this many. */
  of: number
  /** `unit`: the number is right, its unit is missing or another. */
  verdict: Verdict
  /** How many of its parts are right, where it has several. */
  right: number
  parts: number
  /** HTML by the author, for this answer first. */
  explanations: string[]
}

/** Marks one answer. An answer of another shape than the question's counts as none. */
export function score(question: Question, answer: Answer | undefined): Mark {
  const { right, parts, verdict, explanations } = judge(question, answer)
  const share = right / parts
  return {
    question: question.key,
    points: Math.round(question.points * share * 100) / 100,
    of: question.points,
    verdict: verdict ?? (share === 1 ? 'right' : share > 0 ? 'partly' : 'wrong'),
    right,
    parts,
    // Who leaves a question open has not given it up, and who waits for a mark may still hand in again.
    explanations:
      verdict === 'unanswered' || verdict === 'waiting'
        ? []
        : [...explanations, question.explanation].filter((html) => html !== ''),
  }
}

type Judged = { right: number; parts: number; verdict?: Verdict; explanations: string[] }

const unanswered = (parts = 1): Judged => ({
  right: 0,
  parts,
  verdict: 'unanswered',
  explanations: [],
})

function judge(question: Question, answer: Answer | undefined): Judged {
  switch (question.type) {
    case 'single': {
      const chosen = question.options.find((option) => option.key === answer)
      if (!chosen) return unanswered()
      return { right: chosen.right ? 1 : 0, parts: 1, explanations: [chosen.explanation] }
    }
    case 'multiple':
      return judgeMultiple(question.options, answer)
    case 'numeric':
      return judgeNumber(question.answers, answer)
    case 'text': {
      if (typeof answer !== 'string' || answer.trim() === '') return unanswered()
      const like = question.answers.find(({ pattern }) => matches(pattern, answer))
      return { right: like?.right ? 1 : 0, parts: 1, explanations: [like?.explanation ?? ''] }
    }
    case 'matching': {
      const { pairs } = question
      if (typeof answer !== 'object' || Array.isArray(answer)) return unanswered(pairs.length)
      const given = new Map(Object.entries(answer))
      if (!pairs.some(({ key }) => given.get(key))) return unanswered(pairs.length)
      const right = pairs.filter(({ key, match }) => given.get(key) === match.key).length
      return { right, parts: pairs.length, explanations: [] }
    }
    case 'ordering': {
      const parts = question.steps.length - 1
      if (!Array.isArray(answer) || answer.length === 0) return unanswered(parts)
      const order = [...new Set(answer)]
      // What counts is what follows on what: one step out of place costs its neighbours, not the whole.
      const right = question.steps.filter(({ key }, at) => {
        const before = question.steps[at - 1]
        return before !== undefined && order.indexOf(key) > 0
          ? order[order.indexOf(key) - 1] === before.key
          : false
      }).length
      return { right, parts, explanations: [] }
    }
    case 'essay': {
      if (!isEssay(answer)) return unanswered()
      const empty = answer.text.trim() === '' && answer.files.length === 0
      return empty ? unanswered() : { right: 0, parts: 1, verdict: 'waiting', explanations: [] }
    }
  }
}

type Essay = { text: string; files: string[] }

const isEssay = (answer: Answer | undefined): answer is Essay =>
  typeof answer === 'object' && 'files' in answer && Array.isArray(answer.files)

type Options = Extract<Question, { type: 'multiple' }>['options']

/** A wrong choice takes back a right one, so that choosing everything earns nothing for sure. */
function judgeMultiple(options: Options, answer: Answer | undefined): Judged {
  const parts = Math.max(1, options.filter(({ right }) => right).length)
  const chosen = new Set(Array.isArray(answer) ? answer : [])
  const taken = options.filter(({ key }) => chosen.has(key))
  if (taken.length === 0) return unanswered(parts)
  const hits = taken.filter(({ right }) => right).length
  const missed = options.filter(({ key, right }) => right && !chosen.has(key))
  return {
    right: Math.max(0, hits - (taken.length - hits)),
    parts,
    explanations: [...taken, ...missed].map(({ explanation }) => explanation),
  }
}

type Numbers = Extract<Question, { type: 'numeric' }>['answers']

function judgeNumber(answers: Numbers, answer: Answer | undefined): Judged {
  if (typeof answer !== 'string' || answer.trim() === '') return unanswered()
  const { values, unit } = readNumber(answer)
  const near = answers.filter(({ value, tolerance }) =>
    // The last digit of a decimal number is not exact in binary: 0.3 ± 0.1 holds 0.4.
    values.some((one) => Math.abs(one - value) <= tolerance + 1e-9 * Math.max(1, Math.abs(value))),
  )
  const found = near.find((one) => one.unit === '' || one.unit === unit.trim())
  if (found) return { right: found.right ? 1 : 0, parts: 1, explanations: [found.explanation] }
  const verdict: Verdict = near.some(({ right }) => right) ? 'unit' : 'wrong'
  return { right: 0, parts: 1, verdict, explanations: [] }
}
