import { Problem, uuidv7 } from '@colonnade/http'
import { heldMarks, isWaiting } from '../grading/marks.ts'
import { settle } from '../grading/settle.ts'
import type { Plan } from '../plan.ts'
import { addMarks, findAttempt, listMarks } from '../queries/attempts.ts'
import { lockEnrolments } from '../queries/enrolments.ts'
import { setWaiting } from '../queries/teaching.ts'
import type { Learning } from '../running.ts'

export type TeachersMark = {
  question: string
  /** Null: the sum of the rubric's. */
  points: number | null
  rubric: Record<string, number>
  comment: string
}

/**
 * Marks one question of an ended attempt; a later mark holds over an earlier one, which stays.
 * @param plan of the attempt's revision
 * @throws Problem 409 while it runs, 422 for points that the question does not give
 */
export async function markQuestion(
  { db, plans, nudge }: Learning,
  plan: Plan,
  { attempt: id, by, mark }: { attempt: string; by: string | null; mark: TeachersMark },
): Promise<void> {
  await db.work.begin(async (tx) => {
    const found = await findAttempt(tx, id)
    if (!found) throw new Problem(404, 'There is no such attempt.')
    await lockEnrolments(tx, [found.enrolmentId])
    const attempt = await findAttempt(tx, id)
    if (!attempt?.marks) throw new Problem(409, 'It is still being worked on.')
    const points = check(plan, attempt.item, attempt.marks, mark)
    const { question, rubric, comment } = mark
    await addMarks(tx, [
      {
        ...{ id: uuidv7(), attemptId: id, question, points, by, rubric, comment },
        verdict: null,
        regradeId: null,
      },
    ])
    const held = heldMarks(attempt.marks, await listMarks(tx, [id]))
    await setWaiting(tx, id, held.filter(isWaiting).length)
    await settle(tx, plans, [attempt.enrolmentId])
  })
  nudge()
}

/** What the mark comes to. @throws Problem 422 */
function check(
  plan: Plan,
  item: string,
  marks: readonly { question: string; of: number }[],
  { question, points, rubric }: TeachersMark,
): number {
  const wrong = (path: string, message: string) =>
    new Problem(422, 'Correct the fields named below and send it again.', [{ path, message }])
  const asked = marks.find((one) => one.question === question)
  if (!asked) throw wrong('/question', 'is not one that was asked')
  const found = plan.items.get(item)?.quiz?.questions.find(({ key }) => key === question)
  const lines = found?.type === 'essay' ? found.rubric : []
  for (const [key, given] of Object.entries(rubric)) {
    const line = lines.find((one) => one.key === key)
    if (!line) throw wrong(`/rubric/${key}`, 'is not in the rubric')
    if (given > line.points) throw wrong(`/rubric/${key}`, `is more than ${line.points}`)
  }
  const sum = Object.values(rubric).reduce((total, one) => total + one, 0)
  if (points === null && Object.keys(rubric).length === 0) throw wrong('/points', 'is needed')
  const given = points ?? sum
  if (given > asked.of) throw wrong('/points', `is more than ${asked.of}`)
  return given
}
