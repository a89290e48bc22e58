import type { Sql, Transaction } from '@colonnade/db'
import type { ChangedReview } from '../api/schemas.ts'
import { addReview, lockReview, recount, removeReview, replaceReview } from './reviews.ts'

export type OwnReview = { id: string; stars: number; text: string }

/** What a learner says about a course. */
export async function findOwnReview(
  sql: Sql | Transaction,
  courseId: number,
  learner: string,
): Promise<OwnReview | undefined> {
  const [row] = await sql<OwnReview[]>`
    select id, stars, text from reviews.review
    where course_id = ${courseId} and learner = ${learner}`
  return row
}

/** Adds a learner's review of a course, or changes the one there is. `id` is for a new one. */
export async function putOwnReview(
  tx: Transaction,
  courseId: number,
  given: ChangedReview & { id: string; learner: string },
): Promise<void> {
  const own = await findOwnReview(tx, courseId, given.learner)
  const was = own && (await lockReview(tx, own.id))
  if (!own || !was) {
    await addReview(tx, courseId, { ...given, example: false })
    return
  }
  await replaceReview(tx, own.id, given)
  await recount(tx, courseId, { was, is: { ...was, stars: given.stars } })
}

/** Takes a learner's review back; nothing happens where there is none. */
export async function removeOwnReview(
  tx: Transaction,
  courseId: number,
  learner: string,
): Promise<void> {
  const own = await findOwnReview(tx, courseId, learner)
  const was = own && (await lockReview(tx, own.id))
  if (!own || !was) return
  await removeReview(tx, own.id)
  await recount(tx, courseId, { was })
}
