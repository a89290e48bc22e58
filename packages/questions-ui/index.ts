export { answerTo } from './given.ts'
export { Questions } from './questions.tsx'
