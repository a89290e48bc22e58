import type { Sql } from '@colonnade/db'
import type { Sort } from '../api/schemas.ts'
import type { Place } from './reviews.ts'

/** A review as pages show it; `day` is a date in UTC. */
export type ShownReview = {
  id: string
  author: string
  stars: number
  text: string
  example: boolean
  helpful: number
  day: string
}

/** A course's reviews after a place, in the order asked for. */
export async function listShownReviews(
  sql: Sql,
  courseId: number,
  { sort, after, limit }: { sort: Sort; after: Place | undefined; limit: number },
): Promise<ShownReview[]> {
  const shown = sql`
    id, author, stars, text, example, helpful,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day`
  const at = sql`(timestamptz 'epoch' + ${after?.at ?? 0}::bigint * interval '1 microsecond')`
  if (sort === 'helpful') {
    return await sql<ShownReview[]>`
      select ${shown} from reviews.review where course_id = ${courseId}
      ${after ? sql`and (helpful, created_at, id) < (${after.helpful}, ${at}, ${after.id}::uuid)` : sql``}
      order by helpful desc, created_at desc, id desc limit ${limit}`
  }
  return await sql<ShownReview[]>`
    select ${shown} from reviews.review where course_id = ${courseId}
    ${after ? sql`and (created_at, id) < (${at}, ${after.id}::uuid)` : sql``}
    order by created_at desc, id desc limit ${limit}`
}
