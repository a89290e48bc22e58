import {
  type Api,
  answerJson,
  decodeCursor,
  encodeCursor,
  etagOf,
  hasVersion,
  idempotencyKey,
  idInPath,
  ifMatch,
  ifNoneMatch,
  noContent,
  Problem,
  paging,
  requireVersion,
  type ServiceContext,
  uuidv7,
  writeOnce,
} from '@colonnade/http'
import { z } from 'zod'
import { summary } from '../contract.ts'
import {
  addReview,
  findReview,
  listReviews,
  lockReview,
  recount,
  removeReview,
  replaceReview,
} from '../queries/reviews.ts'
import { findSummary } from '../queries/summaries.ts'
import { oneConflict } from './conflict.ts'
import { changedReview, newReview, review, reviewList, sort } from './schemas.ts'
import { writing } from './scope.ts'

const tag = 'Reviews'
const byCourse = z.object({ id: idInPath })
const byId = z.object({ id: z.uuid() })
/** Cache tags of what shows a course's reviews. */
const tagsOf = (courseId: number) => [`reviews-of:${courseId}`]
export const unknownReview = () => new Problem(404, 'There is no review with this id.')

/** A course's reviews, what they come to, and each of them. */
export function mountReviews(api: Api, { db, nudge }: ServiceContext): void {
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/reviews',
      operation: 'listReviews',
      summary: 'Reviews of a course',
      description:
        'Newest first, or those first that most people found helpful. Empty for a course without any.',
      tag,
      params: byCourse,
      query: z.object({ ...paging, sort: sort.default('newest') }),
      answers: { 200: { description: 'A page of reviews', body: reviewList } },
    },
    async ({ params, query: { limit, cursor, sort: order } }) => {
      const place = decodeCursor(cursor, z.tuple([z.int(), z.int32().min(0), z.uuid()]))
      const rows = await listReviews(db.hot, params.id, {
        sort: order,
        after: place && { at: place[0], helpful: place[1], id: place[2] },
        limit: limit + 1,
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const next =
        rows.length > limit && last
          ? JSON.stringify(encodeCursor([last.at, last.helpful, last.id]))
          : 'null'
      return answerJson(`{"items":[${page.map((row) => row.document).join(',')}],"next":${next}}`, {
        tags: tagsOf(params.id),
      })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/reviews/summary',
      operation: 'findReviewSummary',
      summary: 'What a course’s reviews come to',
      description:
        'Average with two decimals, count, and how many gave 1, 2, 3, 4 and 5 stars; all 0 without reviews. ' +
        '`examples` of them were made up for a sample.',
      tag,
      params: byCourse,
      answers: { 200: { description: 'The summary', body: summary } },
    },
    async ({ params: { id } }) => {
      const found = await findSummary(db.hot, id)
      const { average, count, histogram, examples } = found ?? {
        average: 0,
        count: 0,
        histogram: [0, 0, 0, 0, 0],
        examples: 0,
      }
      return answerJson(JSON.stringify({ courseId: id, average, count, histogram, examples }), {
        tags: tagsOf(id),
      })
    },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/courses/:id/reviews',
      operation: 'addReview',
      summary: 'Add a review',
      description:
        'One for each learner and course: a second is 409, as is an id that was used before. The course need not be ' +
        'known to the catalogue yet.',
      tag,
      operator: true,
      scope: writing,
      params: byCourse,
      headers: idempotencyKey,
      body: newReview,
      answers: { 201: { description: 'Added; `Location` and `ETag` name it', body: review } },
      problems: [409],
    },
    async ({ request, params: { id: courseId }, body, by }) => {
      const scope = `${by} POST /api/courses/${courseId}/reviews`
      const document = await oneConflict(
        writeOnce(db, request, { service: 'reviews', scope, body }, (tx) =>
          addReview(tx ?? db.hot, courseId, { ...body, id: body.id ?? uuidv7() }),
        ),
      )
      nudge()
      const { id } = z.object({ id: z.string() }).parse(JSON.parse(document))
      const location = `/api/reviews/${id}`
      return answerJson(document, { status: 201, version: 1, location, changed: tagsOf(courseId) })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/reviews/:id',
      operation: 'findReview',
      summary: 'Read a review',
      tag,
      params: byId,
      headers: ifNoneMatch,
      answers: {
        200: { description: 'The review', body: review },
        304: { description: 'Not changed since' },
      },
    },
    async ({ request, params }) => {
      const found = await findReview(db.hot, params.id)
      if (!found) throw unknownReview()
      if (hasVersion(request, found.version)) {
        return new Response(null, { status: 304, headers: { ETag: etagOf(found.version) } })
      }
      return answerJson(found.document, { version: found.version })
    },
  )

  api.endpoint(
    {
      method: 'put',
      path: '/api/reviews/:id',
      operation: 'replaceReview',
      summary: 'Change a review',
      description: 'Author, stars and text: nothing else of a review changes.',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      headers: ifMatch,
      body: changedReview,
      answers: { 200: { description: 'As it is now', body: review } },
      problems: [412, 428],
    },
    async ({ request, params: { id }, body }) => {
      const changed = await db.work.begin(async (tx) => {
        const was = await lockReview(tx, id)
        if (!was) throw unknownReview()
        requireVersion(request, was.version)
        await replaceReview(tx, id, body)
        await recount(tx, was.courseId, { was, is: { ...was, stars: body.stars } })
        return { now: await findReview(tx, id), courseId: was.courseId }
      })
      if (!changed.now) throw unknownReview()
      nudge()
      const { document, version } = changed.now
      return answerJson(document, { version, changed: tagsOf(changed.courseId) })
    },
  )

  api.endpoint(
    {
      method: 'delete',
      path: '/api/reviews/:id',
      operation: 'removeReview',
      summary: 'Delete a review',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      headers: { 'If-Match': { description: 'Only if this is still the version' } },
      answers: { 204: { description: 'Deleted' } },
      problems: [412],
    },
    async ({ request, params: { id } }) => {
      const { courseId } = await db.work.begin(async (tx) => {
        const was = await lockReview(tx, id)
        if (!was) throw unknownReview()
        requireVersion(request, was.version, false)
        await removeReview(tx, id)
        await recount(tx, was.courseId, { was })
        return was
      })
      nudge()
      return noContent(tagsOf(courseId))
    },
  )
}
