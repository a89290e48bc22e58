import type { Answer, Question } from '@colonnade/questions'

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
    default:
      return fields.get(key)?.slice(0, 400)
  }
}
