import type { Sql, Transaction } from '@colonnade/db'

export type OwnReview = {
  courseId: number
  stars: number
  author: string
  text: string
  writtenAt: Date
  changedAt: Date
}

/** All that somebody wrote. */
export async function listOwnReviews(sql: Sql, person: string): Promise<OwnReview[]> {
  return await sql<OwnReview[]>`
    select course_id as "courseId", stars, author, text, created_at as "writtenAt", updated_at as "changedAt"
    from reviews.review where learner = ${person} order by created_at`
}

/** Reviews that somebody found helpful. */
export async function listOwnVotes(
  sql: Sql,
  person: string,
): Promise<{ courseId: number; review: string }[]> {
  return await sql<{ courseId: number; review: string }[]>`
    select r.course_id as "courseId", r.id as review
    from reviews.helpful h join reviews.review r on r.id = h.review_id
    where h.voter = ${person} order by r.id`
}

/**
 * Takes name and words off all that somebody wrote, and cuts it from them; the stars stay. Told as a purge, since copies
 * of pages hold the words too.
 * @returns how many reviews
 */
export async function anonymiseReviews(tx: Transaction, person: string): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    with changed as (
      update reviews.review
      set author = '', text = '', learner = gen_random_uuid(), version = version + 1, updated_at = now()
      where learner = ${person} returning course_id
    ), told as (
      insert into reviews.outbox (type, subject)
      select distinct 'reviews.purged', 'reviews-of:' || course_id from changed
    )
    select count(*)::int as count from changed`
  return row?.count ?? 0
}

/** Takes back all that somebody voted for. @returns how many votes */
export async function removeVotes(tx: Transaction, person: string): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    with gone as (
      delete from reviews.helpful where voter = ${person} returning review_id
    ), counted as (
      update reviews.review r set helpful = r.helpful - 1 from gone
      where r.id = gone.review_id returning r.course_id
    ), told as (
      insert into reviews.outbox (type, subject)
      select distinct 'votes.changed', 'reviews-of:' || course_id from counted
    )
    select count(*)::int as count from gone`
  return row?.count ?? 0
}
