import type { Transaction } from '@colonnade/db'
import { hear, mountEvents } from '@colonnade/events'
import { type EventMessage, Problem, type ServiceContext } from '@colonnade/http'
import { instructorsClient } from '@colonnade/instructors/contract'
import { learningClient } from '@colonnade/learning/contract'
import { reviewsClient } from '@colonnade/reviews/contract'
import type { Hono } from 'hono'
import { tellOfCourses } from '../publishing/publish.ts'
import { copyLearners, copyRatings, copyTeachers, listCourseIds } from '../queries/copies.ts'
import { findMovedSlug, findRoute, listRoutes, listTitles } from '../queries/course.ts'
import { findOwner } from '../queries/desk.ts'
import { findPlan } from '../queries/plan.ts'

const mostIds = 500

/** Catalogue ids out of a comma-separated list; what is none names nothing and is left out. */
export function readIds(text: string | undefined): number[] {
  const ids = (text ?? '')
    .slice(0, mostIds * 17)
    .split(',')
    .map(Number)
  return [...new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0))].slice(0, mostIds)
}

/** What other services ask: titles and routes; and the events by which copies follow their source. */
export function mountForOthers(app: Hono, context: ServiceContext): void {
  const { db, trust, log } = context
  app.get('/internal/courses', async (c) =>
    c.json(await listTitles(db.hot, readIds(c.req.query('ids')))),
  )
  app.get('/internal/courses/:id/plan', async (c) => {
    const [id] = readIds(c.req.param('id'))
    const given = c.req.query('revision')
    const [revision] = readIds(given)
    const unknown = id === undefined || (given !== undefined && revision === undefined)
    const plan = unknown ? undefined : await findPlan(db.work, id, revision ?? null)
    if (!plan) throw new Problem(404, 'There is no such course, or no such revision.')
    return c.json(plan)
  })
  app.get('/internal/courses/:id/owners', async (c) => {
    const [id] = readIds(c.req.param('id'))
    const owner = id === undefined ? undefined : await findOwner(db.hot, id)
    return c.json(owner === undefined ? [] : [owner])
  })
  app.get('/internal/routes', async (c) => {
    const after = Number(c.req.query('after') ?? 0)
    const limit = Number(c.req.query('limit') ?? 1000)
    if (!Number.isSafeInteger(after) || !Number.isSafeInteger(limit) || limit < 1)
      throw new Problem(422)
    return c.json(await listRoutes(db.work, after, Math.min(limit, 5000)))
  })
  app.get('/internal/routes/:slug', async (c) => {
    const slug = storable(c.req.param('slug'))
    const route = slug === undefined ? undefined : await findRoute(db.hot, slug)
    if (route) return c.json(route)
    const movedTo = slug === undefined ? undefined : await findMovedSlug(db.hot, slug)
    if (movedTo !== undefined) return c.json({ movedTo })
    throw new Problem(404, 'There is no such course.')
  })
  app.put('/internal/rebuild', async (c) => c.json({ courses: await rebuild(context) }))
  mountEvents(app, trust, (events) => follow(context, events), {
    onError: (error) => log.warn({ err: error }, 'an event will come again'),
  })
}

/** Text that can be in the database at all. */
export function storable(text: string): string | undefined {
  return text.length <= 500 && text.isWellFormed() && !text.includes('\0') ? text : undefined
}

const client = <T>(
  context: ServiceContext,
  name: string,
  make: (backend: ReturnType<ServiceContext['peer']>, trust: ServiceContext['trust']) => T,
): T => make(context.peer(name), context.trust)

/** The course of an event's subject, `reviews-of:12`; none when it is of another kind. */
function coursesOf({ subject }: EventMessage): number[] {
  const id = Number(subject.split(':')[1])
  return Number.isSafeInteger(id) && id > 0 ? [id] : []
}

/** Makes the copies of some courses anew. @returns courses whose pages should say so */
type Copy = (tx: Transaction, ids: readonly number[]) => Promise<number[]>

/** Each asks the source, and gives what copies its answer. */
const sources: Record<string, (context: ServiceContext, ids: readonly number[]) => Promise<Copy>> =
  {
    'reviews.changed': readRatings,
    'teaching.changed': readTeachers,
    'learning.enrolled': readLearners,
  }

/**
 * Keeps the copies of ratings, of who teaches, and of how many learn. The teller is asked first, so that what is noted as
 * heard is at least as new as the event.
 */
async function follow(context: ServiceContext, events: readonly EventMessage[]): Promise<void> {
  for (const [type, read] of Object.entries(sources)) {
    const told = events.filter((event) => event.type === type && coursesOf(event).length > 0)
    if (told.length === 0) continue
    const copy = await read(context, told.flatMap(coursesOf))
    await hear(context.db.work, 'courses', told, async (tx, fresh) => {
      await tellOfCourses(tx, await copy(tx, fresh.flatMap(coursesOf)))
    })
    context.nudge()
  }
}

async function readRatings(context: ServiceContext, ids: readonly number[]): Promise<Copy> {
  const found = await client(context, 'reviews', reviewsClient).findSummaries(ids)
  const summaries = new Map(found.map((summary) => [summary.courseId, summary]))
  return (tx, some) =>
    copyRatings(
      tx,
      some.map((id) => summaries.get(id) ?? { courseId: id, average: 0, count: 0 }),
    )
}

async function readTeachers(context: ServiceContext, ids: readonly number[]): Promise<Copy> {
  const found = await client(context, 'instructors', instructorsClient).listTeachers(ids)
  const taught = new Map(found.map((course) => [course.courseId, course]))
  return (tx, some) =>
    copyTeachers(
      tx,
      some.map((id) => taught.get(id) ?? { courseId: id, teachers: [] }),
    )
}

async function readLearners(context: ServiceContext, ids: readonly number[]): Promise<Copy> {
  const counts = await client(context, 'learning', learningClient).listLearners(ids)
  // Of a course that nobody enrolled in learning knows nothing: a seeded number stays as it is.
  return (tx, some) =>
    copyLearners(
      tx,
      counts.filter(({ courseId }) => some.includes(courseId)),
    )
}

/** Makes every copy again from its source; tells of the courses whose copy was wrong. */
async function rebuild(context: ServiceContext): Promise<number> {
  let count = 0
  for (let after = 0; ; ) {
    const ids = await listCourseIds(context.db.work, after, 100)
    const last = ids.at(-1)
    if (last === undefined) break
    after = last
    count += ids.length
    const copies = await Promise.all(Object.values(sources).map((read) => read(context, ids)))
    await context.db.work.begin(async (tx) => {
      const changed = new Set<number>()
      for (const copy of copies) for (const id of await copy(tx, ids)) changed.add(id)
      await tellOfCourses(tx, [...changed])
    })
    context.nudge()
  }
  return count
}
