import { catalogueId, jsonBody, Problem, type ServiceContext, uuidv7 } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import { type Teaching, teaching } from '../contract.ts'
import { lockCourse, tellOf } from '../queries/instructors.ts'
import { listTeachers } from '../queries/shown.ts'
import {
  listRoles,
  putImportedOffers,
  putOrganisation,
  putPerson,
  putRoles,
  raiseVersions,
  removeUnusedExamples,
  replaceImportedTestimonials,
} from '../queries/teaching.ts'

const idList = z
  .string()
  .transform((ids) => (ids === '' ? [] : ids.split(',').map(Number)))
  .pipe(z.array(catalogueId).max(1000))

const checked = teaching.superRefine(({ people, organisations }, context) => {
  if (people.filter(({ role }) => role === 'primary').length > 1) {
    context.addIssue({ code: 'custom', path: ['people'], message: 'names more than one primary' })
  }
  for (const [path, list] of Object.entries({ people, organisations })) {
    if (new Set(list.map(({ key }) => key)).size !== list.length) {
      context.addIssue({ code: 'custom', path: [path], message: 'uses a key twice' })
    }
  }
})

/** What other services ask; mount after `mountInternals`, which checks that they are services. */
export function mountInternal(app: Hono, { db, nudge }: ServiceContext): void {
  app.get('/internal/teachers', async (c) => {
    const ids = parse(idList, c.req.query('courses') ?? '')
    return c.json(await listTeachers(db.hot, ids))
  })

  app.put('/internal/teaching/:courseId', async (c) => {
    const courseId = parse(z.coerce.number().pipe(catalogueId), c.req.param('courseId'))
    const given = parse(checked, await jsonBody(c.req.raw, 8 * 1024 * 1024))
    await db.work.begin((tx) => putTeaching(tx, courseId, given))
    nudge()
    return c.body(null, 204)
  })
}

async function putTeaching(
  tx: Parameters<typeof lockCourse>[0],
  courseId: number,
  given: Teaching,
): Promise<void> {
  await lockCourse(tx, courseId)
  const before = await listRoles(tx, courseId)
  const people = []
  const changed = new Set<number>()
  for (const person of given.people) {
    const put = await putPerson(tx, courseId, person)
    if (put.changed) changed.add(put.id)
    people.push({ id: put.id, role: person.role })
  }
  await putRoles(tx, courseId, people)
  const after = await listRoles(tx, courseId)
  const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
    (id) => before.get(id) !== after.get(id),
  )
  await raiseVersions(tx, moved)
  const offers = []
  for (const one of given.organisations) offers.push(await putOrganisation(tx, courseId, one))
  await putImportedOffers(tx, courseId, offers)
  const testimonials = given.testimonials.map((one) => ({ ...one, id: uuidv7() }))
  await replaceImportedTestimonials(tx, courseId, testimonials)
  const gone = await removeUnusedExamples(tx, courseId)
  await tellOf(tx, {
    courses: [courseId],
    instructors: [...new Set([...changed, ...moved, ...gone])],
  })
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Problem(
    422,
    'Correct the fields named below and send it again.',
    result.error.issues.map(({ path, message }) => ({ path: `/${path.join('/')}`, message })),
  )
}
