import { score } from '@colonnade/questions'
import type { Plan } from '../plan.ts'
import type { Remarkable } from '../queries/regrades.ts'
import { heldMarks } from './marks.ts'

/** A question of an attempt that is worth something else by other answers. */
export type Remark = {
  attemptId: string
  question: string
  points: number
  verdict: ReturnType<typeof heldMarks>[number]['verdict']
}

/** Keys of the items whose questions are not the same in two revisions, of those that both grade. */
export function changedItems(from: Plan, to: Plan): string[] {
  if (from.revision === to.revision) return []
  return [...to.items.values()].flatMap(({ key, quiz, graded }) => {
    const before = from.items.get(key)?.quiz
    return graded && before && JSON.stringify(before) !== JSON.stringify(quiz) ? [key] : []
  })
}

/**
 * What changes when an attempt is marked by the answers of another revision. Questions are found by their keys; what a
 * question is worth at most stays as it was asked, and what a teacher marked stays as the teacher did.
 */
export function remark(plan: Plan, attempt: Remarkable): Remark[] {
  const quiz = plan.items.get(attempt.item)?.quiz
  const questions = new Map(quiz?.questions.map((question) => [question.key, question]))
  const answers = new Map(Object.entries(attempt.answers))
  return heldMarks(attempt.marks, attempt.given).flatMap((held): Remark[] => {
    const question = questions.get(held.question)
    if (!question || question.type === 'essay' || held.byTeacher) return []
    const mark = score(question, answers.get(held.question))
    const points = Math.round((mark.points / mark.of) * held.of * 100) / 100
    if (points === held.points && mark.verdict === held.verdict) return []
    return [{ attemptId: attempt.id, question: held.question, points, verdict: mark.verdict }]
  })
}
