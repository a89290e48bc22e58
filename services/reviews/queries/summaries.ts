import type { Sql, Transaction } from '@colonnade/db'
import type { ExampleReview, Summary } from '../contract.ts'

/** A summary with what the examples among the reviews come to. */
export type FullSummary = Summary & { exampleSum: number; sum: number }

const summary = (sql: Sql) => sql`
  course_id as "courseId", round(sum::numeric / count, 2)::float8 as average, count,
  array[n1, n2, n3, n4, n5] as histogram, example_count as examples`

/** Courses without reviews are left out. */
export async function listSummaries(sql: Sql, courseIds: readonly number[]): Promise<Summary[]> {
  return await sql<Summary[]>`
    select ${summary(sql)} from reviews.summary
    where course_id = any (${[...courseIds]}::bigint[]) and count > 0 order by course_id`
}

export async function findSummary(sql: Sql, courseId: number): Promise<FullSummary | undefined> {
  const [row] = await sql<FullSummary[]>`
    select ${summary(sql)}, sum, example_sum as "exampleSum" from reviews.summary
    where course_id = ${courseId} and count > 0`
  return row
}

/**
 * Replaces the reviews that came with a course's folder; the same ones again change nothing.
 * @param given with an id and a learner for each, used when it is new
 * @returns whether anything changed
 */
export async function replaceImported(
  tx: Transaction,
  courseId: number,
  given: readonly (ExampleReview & { id: string; learner: string })[],
): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`reviews examples-of ${courseId}`}, 0))`
  const before = await tx<{ print: string }[]>`
    select json_build_array(author, stars, text, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD'), example)::text
      as print
    from reviews.review where course_id = ${courseId} and imported`
  const now = given
    .map(({ author, stars, text, date, example }) => [author, stars, text, date, example])
    .map((one) => JSON.stringify(one))
  const known = before.map(({ print }) => JSON.stringify(JSON.parse(print)))
  if (known.sort().join('\n') === now.sort().join('\n')) return false
  await tx`delete from reviews.review where course_id = ${courseId} and imported`
  await tx`
    insert into reviews.review (id, course_id, learner, author, stars, text, example, imported, created_at, updated_at)
    select id, ${courseId}, learner, author, stars, text, example, true, date, date
    from unnest(${given.map(({ id }) => id)}::uuid[], ${given.map(({ learner }) => learner)}::uuid[],
      ${given.map(({ author }) => author)}::text[], ${given.map(({ stars }) => stars)}::smallint[],
      ${given.map(({ text }) => text)}::text[], ${tx.array(
        given.map(({ example }) => example),
        1000,
      )}::boolean[],
      ${given.map(({ date }) => `${date}T00:00:00Z`)}::timestamptz[])
      as one (id, learner, author, stars, text, example, date)`
  await countAnew(tx, courseId)
  return true
}

/** Counts a course's reviews from themselves: locked first, so that a write at the same time is counted on top. */
async function countAnew(tx: Transaction, courseId: number): Promise<void> {
  await tx`
    insert into reviews.summary as s (course_id) values (${courseId})
    on conflict (course_id) do update set version = s.version + 1`
  await tx`
    update reviews.summary set (count, sum, n1, n2, n3, n4, n5, example_count, example_sum) = (
      select count(*), coalesce(sum(stars), 0), count(*) filter (where stars = 1),
        count(*) filter (where stars = 2), count(*) filter (where stars = 3),
        count(*) filter (where stars = 4), count(*) filter (where stars = 5),
        count(*) filter (where example), coalesce(sum(stars) filter (where example), 0)
      from reviews.review where course_id = ${courseId})
    where course_id = ${courseId}`
  await tx`
    insert into reviews.outbox (type, subject)
    values ('reviews.changed', ${`reviews-of:${courseId}`})`
}
