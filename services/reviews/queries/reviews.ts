import type { Sql, Transaction } from '@colonnade/db'
import type { ChangedReview, NewReview, Sort } from '../api/schemas.ts'

type Connection = Sql | Transaction

/** A review's place in both orders; `at` is microseconds since 1970. */
export type Place = { id: string; at: number; helpful: number }
export type ReviewRow = { version: number; document: string }

const document = (sql: Connection) => sql`
  json_build_object('id', r.id, 'courseId', r.course_id, 'author', r.author, 'stars', r.stars,
    'text', r.text, 'example', r.example, 'helpful', r.helpful,
    'createdAt', to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'updatedAt', to_char(r.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`

/** Tells of every course in `from`, after its summary's row was locked: so a later change is told of later. */
const tellOf = (sql: Connection, from: ReturnType<typeof document>) => sql`
  insert into reviews.outbox (type, subject) select 'reviews.changed', 'reviews-of:' || course_id from ${from}`

/** Adds a review, counts it and tells of it: one statement. A learner's second review of a course is an error. */
export async function addReview(
  sql: Connection,
  courseId: number,
  given: NewReview & { id: string },
): Promise<string> {
  const [row] = await sql<{ document: string }[]>`
    with made as (
      insert into reviews.review (id, course_id, learner, author, stars, text, example)
      values (${given.id}, ${courseId}, ${given.learner}, ${given.author}, ${given.stars},
        ${given.text}, ${given.example})
      returning *
    ), counted as (
      insert into reviews.summary as s
        (course_id, count, sum, n1, n2, n3, n4, n5, example_count, example_sum)
      select course_id, 1, stars, (stars = 1)::int, (stars = 2)::int, (stars = 3)::int,
        (stars = 4)::int, (stars = 5)::int, example::int, example::int * stars
      from made
      on conflict (course_id) do update set
        count = s.count + excluded.count, sum = s.sum + excluded.sum,
        n1 = s.n1 + excluded.n1, n2 = s.n2 + excluded.n2, n3 = s.n3 + excluded.n3,
        n4 = s.n4 + excluded.n4, n5 = s.n5 + excluded.n5,
        example_count = s.example_count + excluded.example_count,
        example_sum = s.example_sum + excluded.example_sum,
        version = s.version + 1
      returning course_id
    ), told as (${tellOf(sql, sql`counted`)})
    select ${document(sql)}::text as document from made r`
  if (!row) throw new Error('an insert returned nothing')
  return row.document
}

export async function findReview(sql: Connection, id: string): Promise<ReviewRow | undefined> {
  const [row] = await sql<ReviewRow[]>`
    select r.version, ${document(sql)}::text as document from reviews.review r where r.id = ${id}`
  return row
}

/** A course's reviews after a place, in the order asked for. */
export async function listReviews(
  sql: Connection,
  courseId: number,
  { sort, after, limit }: { sort: Sort; after?: Place | undefined; limit: number },
): Promise<(Place & { document: string })[]> {
  const place = sql`
    r.id, (extract(epoch from r.created_at) * 1000000)::bigint as at, r.helpful,
    ${document(sql)}::text as document`
  const since = (at: number) => sql`timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond'`
  if (sort === 'helpful') {
    return await sql<(Place & { document: string })[]>`
      select ${place} from reviews.review r where r.course_id = ${courseId}
      ${after ? sql`and (r.helpful, r.created_at, r.id) < (${after.helpful}, ${since(after.at)}, ${after.id}::uuid)` : sql``}
      order by r.helpful desc, r.created_at desc, r.id desc limit ${limit}`
  }
  return await sql<(Place & { document: string })[]>`
    select ${place} from reviews.review r where r.course_id = ${courseId}
    ${after ? sql`and (r.created_at, r.id) < (${since(after.at)}, ${after.id}::uuid)` : sql``}
    order by r.created_at desc, r.id desc limit ${limit}`
}

/** The place of one of a course's reviews. */
export async function findPlace(
  sql: Connection,
  courseId: number,
  id: string,
): Promise<Place | undefined> {
  const [row] = await sql<Place[]>`
    select id, (extract(epoch from created_at) * 1000000)::bigint as at, helpful
    from reviews.review where id = ${id} and course_id = ${courseId}`
  return row
}

/** Locks a review, then its course's summary: the order in which every write takes the two. */
export async function lockReview(
  tx: Transaction,
  id: string,
): Promise<{ version: number; courseId: number; stars: number; example: boolean } | undefined> {
  const [row] = await tx<{ version: number; courseId: number; stars: number; example: boolean }[]>`
    select version, course_id as "courseId", stars, example from reviews.review where id = ${id} for update`
  return row
}

/** Replaces what can be changed of a review that `lockReview` locked. */
export async function replaceReview(
  tx: Transaction,
  id: string,
  given: ChangedReview,
): Promise<void> {
  await tx`
    update reviews.review set author = ${given.author}, stars = ${given.stars}, text = ${given.text},
      version = version + 1, updated_at = now()
    where id = ${id}`
}

/** Deletes a review that `lockReview` locked, and its votes. */
export async function removeReview(tx: Transaction, id: string): Promise<void> {
  await tx`delete from reviews.review where id = ${id}`
}

/**
 * Counts a review out as it was and in as it is now (either may be missing), and tells of it. Its review is locked.
 */
export async function recount(
  tx: Transaction,
  courseId: number,
  {
    was,
    is,
  }: { was?: { stars: number; example: boolean }; is?: { stars: number; example: boolean } },
): Promise<void> {
  const change = (stars: number) => Number(is?.stars === stars) - Number(was?.stars === stars)
  const examples = Number(is?.example ?? false) - Number(was?.example ?? false)
  const exampleSum = (is?.example ? is.stars : 0) - (was?.example ? was.stars : 0)
  await tx`
    with counted as (
      update reviews.summary set
        count = count + ${Number(Boolean(is)) - Number(Boolean(was))},
        sum = sum + ${(is?.stars ?? 0) - (was?.stars ?? 0)},
        n1 = n1 + ${change(1)}, n2 = n2 + ${change(2)}, n3 = n3 + ${change(3)},
        n4 = n4 + ${change(4)}, n5 = n5 + ${change(5)},
        example_count = example_count + ${examples}, example_sum = example_sum + ${exampleSum},
        version = version + 1
      where course_id = ${courseId} returning course_id
    )
    ${tellOf(tx, tx`counted`)}`
}

/**
 * Sets or takes back a vote; doing it twice is the same as once. Told as `votes.changed`: the summary is not touched,
 * so who copies it need not hear of it, and the order of its events is not disturbed.
 * @returns how many find the review helpful, and its course; undefined when there is no such review
 */
export async function putVote(
  sql: Connection,
  id: string,
  voter: string,
  given: boolean,
): Promise<{ helpful: number; courseId: number } | undefined> {
  const changed = given
    ? sql`insert into reviews.helpful (review_id, voter) select id, ${voter} from reviews.review where id = ${id}
        on conflict do nothing returning review_id`
    : sql`delete from reviews.helpful where review_id = ${id} and voter = ${voter} returning review_id`
  const [row] = await sql<{ helpful: number; courseId: number }[]>`
    with changed as (${changed}), counted as (
      update reviews.review r set helpful = r.helpful + ${given ? 1 : -1} from changed
      where r.id = changed.review_id returning r.helpful, r.course_id
    ), told as (
      insert into reviews.outbox (type, subject)
      select 'votes.changed', 'reviews-of:' || course_id from counted
    )
    select helpful, course_id as "courseId" from counted
    union all select helpful, course_id from reviews.review
    where id = ${id} and not exists (select from counted)`
  return row
}
