import type { Transaction } from '@colonnade/db'
import { type Answer, draw, type Quiz, score } from '@colonnade/questions'
import type { Plans } from '../plan.ts'
import {
  type Attempt,
  type KeptMark,
  listAnswers,
  endAttempts as write,
} from '../queries/attempts.ts'
import { findCourseOf } from '../queries/enrolments.ts'
import { isWaiting, sumOf } from './marks.ts'

/** An attempt that is over: `at` in milliseconds since 1970. */
export type Ending = { attempt: Attempt; by: 'submit' | 'time'; at: number }

/** Ends attempts with what had arrived, and marks that. Their enrolments must be locked. */
export async function endAttempts(
  tx: Transaction,
  plans: Plans,
  endings: readonly Ending[],
): Promise<void> {
  if (endings.length === 0) return
  const given = new Map<string, Record<string, Answer>>()
  for (const { attempt, question, answer } of await listAnswers(
    tx,
    endings.map(({ attempt }) => attempt),
  )) {
    given.set(attempt, { ...given.get(attempt), [question]: answer })
  }
  const courses = await findCourseOf(
    tx,
    endings.map(({ attempt }) => attempt.enrolmentId),
  )
  const ended = []
  for (const { attempt, by, at } of endings) {
    const courseId = courses.get(attempt.enrolmentId)
    const plan = courseId === undefined ? undefined : await plans.of(courseId, attempt.revision)
    const quiz = plan?.items.get(attempt.item)?.quiz
    if (!quiz) throw new Error(`attempt ${attempt.id} has no questions`)
    const answers = given.get(attempt.id) ?? {}
    const marks = markAll(quiz, attempt.seed, answers)
    ended.push({
      ...{ id: attempt.id, by, at, answers, marks },
      points: sumOf(marks),
      outOf: marks.reduce((sum, mark) => sum + mark.of, 0),
      waiting: marks.filter(isWaiting).length,
    })
  }
  await write(tx, ended)
}

/** Marks the questions that a seed draws, without the author's words on them. */
export function markAll(quiz: Quiz, seed: string, answers: Record<string, Answer>): KeptMark[] {
  const given = new Map(Object.entries(answers))
  return draw(quiz, seed).map((question) => {
    const { explanations: _, ...mark } = score(question, given.get(question.key))
    return mark
  })
}
