import { inBatches, onceEach } from '@colonnade/db'
import {
  type Api,
  answerJson,
  answerUnderKey,
  catalogueId,
  decodeCursor,
  encodeCursor,
  etagOf,
  hasVersion,
  idempotencyKey,
  idInPath,
  ifMatch,
  ifNoneMatch,
  keyOf,
  noContent,
  Problem,
  paging,
  requireVersion,
  type ServiceContext,
  text,
} from '@colonnade/http'
import { z } from 'zod'
import { instructorPath } from '../contract.ts'
import {
  addInstructors,
  findCourseInstructors,
  findInstructor,
  findInstructorsByName,
  findPrimaryInstructor,
  listInstructors,
  lockInstructor,
  removeInstructor,
  replaceInstructor,
} from '../queries/instructors.ts'
import { oneConflict } from './conflict.ts'
import {
  changedInstructor,
  courseInstructor,
  type InstructorInput,
  instructor,
  instructorList,
  newInstructor,
} from './schemas.ts'
import { writing } from './scope.ts'

const tag = 'Instructors'
const byId = z.object({ id: idInPath })
const unknown = () => new Problem(404, 'There is no instructor with this id.')
const withId = z.object({ id: catalogueId })
const idOf = (document: string) => withId.parse(JSON.parse(document)).id
/** Cache tags of what shows a course's teachers, and each of these instructors. */
export const tagsOf = (courseId: number, instructors: readonly number[]) => [
  `teachers-of:${courseId}`,
  ...instructors.map((id) => `instructor:${id}`),
]
/** Cache tags of what an instructor's change has changed. */
const changedBy = (id: number, courses: readonly number[]) => [
  `instructor:${id}`,
  ...courses.map((courseId) => `teachers-of:${courseId}`),
]

/** `/api/instructors…` and who teaches a course. */
export function mountInstructors(api: Api, { db, nudge }: ServiceContext): void {
  // Not on the hot connections, where reads would wait behind commits. A course is a lock: batches hold few of them.
  const add = inBatches((given: InstructorInput[]) => addInstructors(db.work, given), {
    weigh: ({ teaches }) => Math.max(1, teaches.length),
  })
  const addOnce = inBatches(
    (given: { by: string; key: string; body: InstructorInput }[]) =>
      onceEach(
        db.work,
        'instructors',
        given.map(({ by, key, body }) => ({
          scope: `${by} POST /api/instructors`,
          key,
          request: JSON.stringify(body),
        })),
        async (tx, places) => {
          const bodies = given.filter((_, place) => places.includes(place)).map(({ body }) => body)
          const made = await addInstructors(tx, bodies)
          return made.map(({ document }) => ({ status: 201, body: document }))
        },
      ),
    { weigh: ({ body }) => Math.max(1, body.teaches.length) },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/instructors',
      operation: 'addInstructor',
      summary: 'Add an instructor',
      description:
        'Adds an instructor and what they teach. Required are `firstName` and `lastName`; optional text that is left ' +
        'out is null. A course id need not be known to the catalogue yet. A course has one primary instructor: a ' +
        'second is 409. Fields not named here are refused.',
      tag,
      operator: true,
      scope: writing,
      headers: idempotencyKey,
      body: newInstructor,
      answers: { 201: { description: 'Added; `Location` and `ETag` name it', body: instructor } },
      problems: [409],
    },
    async ({ request, body, by }) => {
      const key = keyOf(request)
      const document = await oneConflict(
        key === undefined
          ? add(body).then((made) => made.document)
          : addOnce({ by, key, body }).then(answerUnderKey),
      )
      // Who teaches nothing yet is no news to anybody.
      if (body.teaches.length > 0) nudge()
      const id = idOf(document)
      const location = `/api${instructorPath(id)}`
      const changed = changedBy(
        id,
        body.teaches.map(({ courseId }) => courseId),
      )
      return answerJson(document, { status: 201, version: 1, location, changed })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/instructors',
      operation: 'listInstructors',
      summary: 'List instructors',
      description:
        'By id; with `q`, those whose last name (or last name, a space and first name) begins with it, by that name.',
      tag,
      query: z.object({ ...paging, q: text(100).optional() }),
      answers: { 200: { description: 'A page of instructors', body: instructorList } },
    },
    async ({ query: { limit, cursor, q } }) => {
      if (q === undefined) {
        const [after = 0] = decodeCursor(cursor, z.tuple([z.int().min(0)])) ?? []
        const rows = await listInstructors(db.work, { after, limit: limit + 1 })
        return answerPage(rows, limit, ({ id }) => [id])
      }
      const after = decodeCursor(cursor, z.tuple([text(500), catalogueId]))
      const rows = await findInstructorsByName(db.work, {
        begin: q,
        ...(after ? { after } : {}),
        limit: limit + 1,
      })
      return answerPage(rows, limit, ({ name, id }) => [name, id])
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/instructors/:id',
      operation: 'findInstructor',
      summary: 'Read an instructor',
      tag,
      params: byId,
      headers: ifNoneMatch,
      answers: {
        200: { description: 'The instructor', body: instructor },
        304: { description: 'Not changed since' },
      },
    },
    async ({ request, params }) => {
      const found = await findInstructor(db.hot, params.id)
      if (!found) throw unknown()
      if (hasVersion(request, found.version)) {
        return new Response(null, { status: 304, headers: { ETag: etagOf(found.version) } })
      }
      return answerJson(found.document, {
        version: found.version,
        tags: [`instructor:${params.id}`],
      })
    },
  )

  api.endpoint(
    {
      method: 'put',
      path: '/api/instructors/:id',
      operation: 'replaceInstructor',
      summary: 'Replace an instructor',
      description: 'Replaces all that is named here; `example` stays as it is when left out.',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      headers: ifMatch,
      body: changedInstructor,
      answers: { 200: { description: 'As it is now', body: instructor } },
      problems: [409, 412, 428],
    },
    async ({ request, params: { id }, body }) => {
      if (body.id !== undefined && body.id !== id) {
        throw new Problem(422, 'Correct the fields named below and send it again.', [
          { path: '/id', message: 'is not the id in the address' },
        ])
      }
      const changed = await oneConflict(
        db.work.begin(async (tx) => {
          const locked = await lockInstructor(
            tx,
            id,
            body.teaches.map(({ courseId }) => courseId),
          )
          if (!locked) throw unknown()
          requireVersion(request, locked.version)
          const { courses } = await replaceInstructor(tx, id, body)
          return { now: await findInstructor(tx, id), courses }
        }),
      )
      if (!changed.now) throw unknown()
      nudge()
      const { document, version } = changed.now
      return answerJson(document, { version, changed: changedBy(id, changed.courses) })
    },
  )

  api.endpoint(
    {
      method: 'delete',
      path: '/api/instructors/:id',
      operation: 'removeInstructor',
      summary: 'Delete an instructor',
      description: 'Takes them off the courses they teach, too.',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      headers: { 'If-Match': { description: 'Only if this is still the version' } },
      answers: { 204: { description: 'Deleted' } },
      problems: [412],
    },
    async ({ request, params: { id } }) => {
      const { courses } = await db.work.begin(async (tx) => {
        const locked = await lockInstructor(tx, id, [])
        if (!locked) throw unknown()
        requireVersion(request, locked.version, false)
        return await removeInstructor(tx, id)
      })
      nudge()
      return noContent(changedBy(id, courses))
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/instructors',
      operation: 'listCourseInstructors',
      summary: 'Who teaches a course',
      description: 'The primary instructor first. Empty for a course nobody teaches, known or not.',
      tag,
      params: byId,
      answers: { 200: { description: 'All of them', body: z.array(courseInstructor) } },
    },
    async ({ params }) => {
      const { document, ids } = await findCourseInstructors(db.hot, params.id)
      return answerJson(document, { tags: tagsOf(params.id, ids) })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/instructors/primary',
      operation: 'findPrimaryInstructor',
      summary: 'The primary instructor of a course',
      tag,
      params: byId,
      answers: { 200: { description: 'The primary instructor', body: courseInstructor } },
    },
    async ({ params }) => {
      const found = await findPrimaryInstructor(db.hot, params.id)
      if (!found) throw new Problem(404, 'This course has no primary instructor.')
      return answerJson(found.document, { tags: tagsOf(params.id, [found.id]) })
    },
  )
}

/** One page of `limit` from rows that may hold one more, which tells that there is a next. */
export function answerPage<Row extends { document: string }>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => (string | number)[],
): Response {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? JSON.stringify(encodeCursor(keyOf(last))) : 'null'
  return answerJson(`{"items":[${page.map((row) => row.document).join(',')}],"next":${next}}`)
}
