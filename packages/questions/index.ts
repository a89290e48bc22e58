export { type Asked, type AskedQuiz, ask, draw, type Step } from './ask.ts'
export {
  type Grade,
  type GradedItem,
  grade,
  type LogEntry,
  type Policy,
  type TraceLine,
} from './grade.ts'
export { type Answer, answer, type Question, type Quiz, question, quiz } from './model.ts'
export {
  type CoursePolicy,
  coursePolicy,
  type Due,
  defaultPolicy,
  due,
  type Graded,
  graded,
} from './policy.ts'
export { type Mark, score, type Verdict } from './score.ts'
export { readNumber } from './text.ts'
