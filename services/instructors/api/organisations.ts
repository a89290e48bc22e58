import {
  type Api,
  answerJson,
  catalogueId,
  decodeCursor,
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
  writeOnce,
} from '@colonnade/http'
import { z } from 'zod'
import { lockCourse } from '../queries/instructors.ts'
import {
  addOrganisation,
  findCourseOrganisations,
  findOrganisation,
  listOrganisations,
  lockOrganisation,
  putOfferedBy,
  removeOrganisation,
  replaceOrganisation,
} from '../queries/organisations.ts'
import { answerPage } from './instructors.ts'
import {
  changedOrganisation,
  newOrganisation,
  offeredBy,
  organisation,
  organisationList,
} from './schemas.ts'
import { writing } from './scope.ts'

const tag = 'Organisations'
const byId = z.object({ id: idInPath })
const unknown = () => new Problem(404, 'There is no organisation with this id.')

/** `/api/organisations…` and who offers a course. */
export function mountOrganisations(api: Api, { db, nudge }: ServiceContext): void {
  api.endpoint(
    {
      method: 'post',
      path: '/api/organisations',
      operation: 'addOrganisation',
      summary: 'Add an organisation',
      tag,
      operator: true,
      scope: writing,
      headers: idempotencyKey,
      body: newOrganisation,
      answers: { 201: { description: 'Added', body: organisation } },
      problems: [409],
    },
    async ({ request, body, by }) => {
      const document = await writeOnce(
        db,
        request,
        { service: 'instructors', scope: `${by} POST /api/organisations`, body },
        async (tx) => (await addOrganisation(tx ?? db.hot, body)).document,
      )
      const { id } = z.object({ id: catalogueId }).parse(JSON.parse(document))
      const location = `/api/organisations/${id}`
      return answerJson(document, { status: 201, version: 1, location })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/organisations',
      operation: 'listOrganisations',
      summary: 'List organisations by id',
      tag,
      query: z.object(paging),
      answers: { 200: { description: 'A page of organisations', body: organisationList } },
    },
    async ({ query: { limit, cursor } }) => {
      const [after = 0] = decodeCursor(cursor, z.tuple([z.int().min(0)])) ?? []
      const rows = await listOrganisations(db.work, { after, limit: limit + 1 })
      return answerPage(rows, limit, ({ id }) => [id])
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/organisations/:id',
      operation: 'findOrganisation',
      summary: 'Read an organisation',
      tag,
      params: byId,
      headers: ifNoneMatch,
      answers: {
        200: { description: 'The organisation', body: organisation },
        304: { description: 'Not changed since' },
      },
    },
    async ({ request, params }) => {
      const found = await findOrganisation(db.hot, params.id)
      if (!found) throw unknown()
      if (hasVersion(request, found.version)) {
        return new Response(null, { status: 304, headers: { ETag: etagOf(found.version) } })
      }
      return answerJson(found.document, { version: found.version })
    },
  )

  api.endpoint(
    {
      method: 'put',
      path: '/api/organisations/:id',
      operation: 'replaceOrganisation',
      summary: 'Replace an organisation',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      headers: ifMatch,
      body: changedOrganisation,
      answers: { 200: { description: 'As it is now', body: organisation } },
      problems: [412, 428],
    },
    async ({ request, params: { id }, body }) => {
      if (body.id !== undefined && body.id !== id) {
        throw new Problem(422, 'Correct the fields named below and send it again.', [
          { path: '/id', message: 'is not the id in the address' },
        ])
      }
      const changed = await db.work.begin(async (tx) => {
        const locked = await lockOrganisation(tx, id)
        if (!locked) throw unknown()
        requireVersion(request, locked.version)
        return await replaceOrganisation(tx, id, body)
      })
      if (!changed) throw unknown()
      nudge()
      return answerJson(changed.document, { version: changed.version, changed: changed.told })
    },
  )

  api.endpoint(
    {
      method: 'delete',
      path: '/api/organisations/:id',
      operation: 'removeOrganisation',
      summary: 'Delete an organisation',
      description: 'The courses it offers no longer name it.',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      headers: { 'If-Match': { description: 'Only if this is still the version' } },
      answers: { 204: { description: 'Deleted' } },
      problems: [412],
    },
    async ({ request, params: { id } }) => {
      const told = await db.work.begin(async (tx) => {
        const locked = await lockOrganisation(tx, id)
        if (!locked) throw unknown()
        requireVersion(request, locked.version, false)
        return await removeOrganisation(tx, id)
      })
      nudge()
      return noContent(told)
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/organisations',
      operation: 'listCourseOrganisations',
      summary: 'Who offers a course',
      tag,
      params: byId,
      answers: { 200: { description: 'In their order', body: z.array(organisation) } },
    },
    async ({ params }) =>
      answerJson(await findCourseOrganisations(db.hot, params.id), {
        tags: [`teachers-of:${params.id}`],
      }),
  )

  api.endpoint(
    {
      method: 'put',
      path: '/api/courses/:id/organisations',
      operation: 'putCourseOrganisations',
      summary: 'Set who offers a course',
      description: 'Replaces the list whole: sending it twice is the same as once.',
      tag,
      operator: true,
      scope: writing,
      params: byId,
      body: offeredBy,
      answers: { 200: { description: 'As it is now', body: z.array(organisation) } },
    },
    async ({ params: { id }, body }) => {
      const document = await db.work.begin(async (tx) => {
        await lockCourse(tx, id)
        const missing = await putOfferedBy(tx, id, body)
        if (missing.length > 0) {
          const errors = missing.map((one) => ({
            path: `/${body.indexOf(one)}`,
            message: 'names no organisation',
          }))
          throw new Problem(422, 'Correct the fields named below and send it again.', errors)
        }
        return await findCourseOrganisations(tx, id)
      })
      nudge()
      return answerJson(document, { changed: [`teachers-of:${id}`] })
    },
  )
}
