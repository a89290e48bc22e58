export { DeskNav } from './desk-nav.tsx'
export { readForm, type SentForm } from './form.ts'
export { onlyFor } from './people.ts'
export { refused } from './refused.tsx'
export {
  answerInEveryLanguage,
  askToSignIn,
  type Frame,
  type Handle,
  mountPersonal,
  readVisit,
  type Visit,
} from './visit.ts'
