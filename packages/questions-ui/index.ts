export { answerTo, fieldsOf, isEmpty, isEssay } from './given.ts'
export { GivenAnswer } from './given-answer.tsx'
export { Questions, Verdict } from './questions.tsx'
