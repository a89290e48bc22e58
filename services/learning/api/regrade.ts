import { type Api, text } from '@colonnade/http'
import { z } from 'zod'
import { type Moved, move } from '../moving.ts'
import { listRegrades } from '../queries/regrades.ts'
import { regrade } from '../regrading.ts'
import type { Learning } from '../running.ts'
import { byId, own } from './enrolments.ts'
import { byCourse } from './intake.ts'
import { instant, revisionNumber } from './shapes.ts'

const tag = 'Teaching'
/** Changes that an answer lists; all of them are counted. */
const mostListed = 1000

const preview = z.object({ preview: z.enum(['yes', 'no']).default('no') })
const revision = revisionNumber.optional()

const change = z.object({
  enrolment: z.uuid(),
  /** From 0 to 1; null: there is none. */
  before: z.number().nullable(),
  after: z.number().nullable(),
  thresholdBefore: z.string().nullable(),
  thresholdAfter: z.string().nullable(),
  completes: z.boolean(),
})
const changes = { changed: z.int(), changes: z.array(change) }

const parts = z.array(z.object({ key: z.string(), title: z.string() }))
const movedBody = z.object({
  to: z.int(),
  from: z.array(
    z.object({
      from: z.int(),
      learners: z.int(),
      lessons: z.object({ added: parts, gone: parts }),
      items: z.object({ added: parts, gone: parts, changed: parts }),
    }),
  ),
  ...changes,
})

const listed = <T extends { changes: unknown[] }>({ changes: all, ...rest }: T) => ({
  ...rest,
  changed: all.length,
  changes: all.slice(0, mostListed),
})

/** Grading a course anew, and moving its learners to another revision. */
export function mountRegrading(api: Api, learning: Learning): void {
  const { db, access } = learning

  api.endpoint(
    {
      method: 'post',
      path: '/api/courses/:id/regrade',
      operation: 'regradeCourse',
      summary: 'Grade a course anew',
      description:
        'For who teaches it: marks all that was handed in by the answers of a revision (the published one unless named) ' +
        'and says whose grade changes by how much. With `preview=yes` nothing is written. Marks are added, none is ' +
        'overwritten; what a teacher marked stays, and so does completion.',
      tag,
      params: byCourse,
      query: preview,
      body: z.strictObject({ revision, reason: text(2000, 0).optional() }),
      answers: {
        200: {
          description: 'Whose grade changes; at most 1,000 are listed, all are counted',
          body: z.object({
            id: z.uuid().nullable(),
            revision: z.int(),
            learners: z.int(),
            marks: z.int(),
            ...changes,
          }),
        },
      },
      problems: [401, 403, 404],
    },
    async ({ request, params, query, body }) => {
      const { id: by } = await access.teacher(request, params.id)
      const { revision = null, reason = '' } = body
      const given = { courseId: params.id, revision, by, reason }
      return own(listed(await regrade(learning, given, query.preview === 'yes')))
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/regrades',
      operation: 'listRegrades',
      summary: 'List how often a course was graded anew',
      tag,
      params: byCourse,
      answers: {
        200: {
          description: 'The last 100, the latest first',
          body: z.object({
            items: z.array(
              z.object({
                id: z.uuid(),
                revision: z.int(),
                by: z.uuid().nullable(),
                reason: z.string(),
                changed: z.int().nullable(),
                at: instant,
              }),
            ),
          }),
        },
      },
      problems: [401, 403],
    },
    async ({ request, params }) => {
      await access.teacher(request, params.id)
      return own({ items: await listRegrades(db.work, params.id) })
    },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/courses/:id/move',
      operation: 'moveLearners',
      summary: 'Move a course’s learners to a revision',
      description:
        'For who teaches it: all enrolments that are pinned to another revision than this one (the published one ' +
        'unless named). With `preview=yes` it only says what changes for whom. Completion stays.',
      tag,
      params: byCourse,
      query: preview,
      body: z.strictObject({ revision }),
      answers: { 200: { description: 'What changes', body: movedBody } },
      problems: [401, 403, 404],
    },
    async ({ request, params, query, body }) => {
      const { id: by } = await access.teacher(request, params.id)
      const given = { courseId: params.id, revision: body.revision ?? null, by }
      return own(listed<Moved>(await move(learning, given, query.preview === 'yes')))
    },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/enrolments/:id/move',
      operation: 'moveEnrolment',
      summary: 'Move one’s own enrolment to the published revision',
      description:
        'With `preview=yes` it only says what changes. There is no way back to an older one.',
      tag: 'Learning',
      params: byId,
      query: preview,
      answers: { 200: { description: 'What changes', body: movedBody } },
      problems: [401, 404],
    },
    async ({ request, params, query }) => {
      const { id, courseId, person } = await access.own(request, params.id)
      const given = { courseId, revision: null, enrolment: id, by: person }
      const moved = await move(learning, given, query.preview === 'yes')
      return own(listed<Moved>(moved))
    },
  )
}
