import type { Answer, Asked, Question } from '@colonnade/questions'

const longestEssay = 100_000

/**
 * The answer that a form's fields give to a question. A field is called by the question's key; where there are several
 * to a question (several choices, matching, ordering), by that, a point and the entry's key.
 */
export function answerTo(question: Question, fields: URLSearchParams): Answer | undefined {
  const { key } = question
  switch (question.type) {
    case 'multiple':
      return question.options
        .map((option) => option.key)
        .filter((one) => fields.has(`${key}.${one}`))
    case 'matching':
      return Object.fromEntries(
        question.pairs.map((pair) => [pair.key, fields.get(`${key}.${pair.key}`) ?? '']),
      )
    case 'ordering':
      return question.steps
        .map((step) => ({ key: step.key, place: Number(fields.get(`${key}.${step.key}`) ?? 0) }))
        .filter(({ place }) => place > 0)
        .sort((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1))
        .map((step) => step.key)
    case 'essay': {
      const text = (fields.get(key) ?? '').replaceAll('\r\n', '\n').slice(0, longestEssay)
      const dropped = new Set(fields.getAll(`${key}.drop`))
      return { text, files: fields.getAll(`${key}.file`).filter((id) => !dropped.has(id)) }
    }
    default:
      return fields.get(key)?.slice(0, 400)
  }
}

/** The fields that give these answers: what a form is filled in with. */
export function fieldsOf(
  questions: readonly Pick<Asked, 'key' | 'type'>[],
  answers: ReadonlyMap<string, Answer>,
): URLSearchParams {
  const fields = new URLSearchParams()
  for (const { key, type } of questions) {
    const answer = answers.get(key)
    if (answer === undefined) continue
    if (typeof answer === 'string') fields.append(key, answer)
    else if (isEssay(answer)) {
      fields.append(key, answer.text)
      for (const file of answer.files) fields.append(`${key}.file`, file)
    } else if (Array.isArray(answer)) {
      answer.forEach((one, at) => {
        fields.append(`${key}.${one}`, type === 'ordering' ? String(at + 1) : '1')
      })
    } else
      for (const [left, right] of Object.entries(answer)) fields.append(`${key}.${left}`, right)
  }
  return fields
}

export type Essay = { text: string; files: string[] }

export const isEssay = (answer: Answer): answer is Essay =>
  typeof answer === 'object' && 'files' in answer && Array.isArray(answer.files)

/** Whether nothing was answered: a form sends what was left empty, too. */
export function isEmpty(answer: Answer | undefined): boolean {
  if (answer === undefined || typeof answer === 'string') return !answer?.trim()
  if (Array.isArray(answer)) return answer.length === 0
  if (isEssay(answer)) return answer.text.trim() === '' && answer.files.length === 0
  return Object.values(answer).every((one) => one === '')
}
