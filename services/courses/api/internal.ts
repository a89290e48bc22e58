import { hear, mountEvents } from '@colonnade/events'
import { type EventMessage, Problem, type ServiceContext } from '@colonnade/http'
import { instructorsClient } from '@colonnade/instructors/contract'
import { learningClient } from '@colonnade/learning/contract'
import { reviewsClient } from '@colonnade/reviews/contract'
import type { Hono } from 'hono'
import { tellOfCourse } from '../publishing/publish.ts'
import { copyLearners, copyRating, copyTeachers, listCourseIds } from '../queries/copies.ts'
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
  mountEvents(app, trust, (event) => follow(context, event), {
    onError: (error) => log.warn({ err: error }, 'an event will come again'),
    // Each holds a transaction, and who writes finds a connection too.
    atOnce: Math.max(1, db.sizes.work - 1),
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

/** Ids out of an event's subject, `reviews-of:12`. */
function courseOf(event: EventMessage): number | undefined {
  const id = Number(event.subject.split(':')[1])
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

/**
 * Keeps the copy of a rating, of who teaches, or of how many learn. The teller is asked first, so that what is noted as heard is at least
 * as new as the event.
 */
async function follow(context: ServiceContext, event: EventMessage): Promise<void> {
  const id = courseOf(event)
  if (id === undefined) return
  const copy =
    event.type === 'reviews.changed'
      ? await readRatings(context, [id])
      : event.type === 'teaching.changed'
        ? await readTeachers(context, [id])
        : event.type === 'learning.enrolled'
          ? await readLearners(context, [id])
          : undefined
  if (!copy) return
  await hear(context.db.work, 'courses', event, async (tx) => {
    if (await copy(tx, id)) await tellOfCourse(tx, id)
  })
  context.nudge()
}

type Copy = (tx: Parameters<typeof copyRating>[0], id: number) => Promise<boolean>

async function readRatings(context: ServiceContext, ids: readonly number[]): Promise<Copy> {
  const summaries = await client(context, 'reviews', reviewsClient).findSummaries(ids)
  return (tx, id) => {
    const found = summaries.find((summary) => summary.courseId === id)
    return copyRating(tx, id, found?.average ?? 0, found?.count ?? 0)
  }
}

async function readTeachers(context: ServiceContext, ids: readonly number[]): Promise<Copy> {
  const taught = await client(context, 'instructors', instructorsClient).listTeachers(ids)
  return (tx, id) =>
    copyTeachers(tx, id, taught.find((course) => course.courseId === id)?.teachers ?? [])
}

async function readLearners(context: ServiceContext, ids: readonly number[]): Promise<Copy> {
  const counts = await client(context, 'learning', learningClient).listLearners(ids)
  return async (tx, id) => {
    // Of a course that nobody enrolled in learning knows nothing: a seeded number stays as it is.
    const found = counts.find((one) => one.courseId === id)
    return found !== undefined && (await copyLearners(tx, id, found.learners))
  }
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
    const copies = await Promise.all([
      readRatings(context, ids),
      readTeachers(context, ids),
      readLearners(context, ids),
    ])
    await context.db.work.begin(async (tx) => {
      for (const id of ids) {
        const changed = []
        for (const copy of copies) changed.push(await copy(tx, id))
        if (changed.includes(true)) await tellOfCourse(tx, id)
      }
    })
    context.nudge()
  }
  return count
}
