import { catalogueId, Problem } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import type { EnrolmentState } from '../contract.ts'
import { listEnrolments, listLearnerCounts } from '../queries/enrolments.ts'
import type { Learning } from '../running.ts'

const idList = z
  .string()
  .transform((ids) => (ids === '' ? [] : ids.split(',').map(Number)))
  .pipe(z.array(catalogueId).max(1000))

/** What other services ask; mount after `mountInternals`, which checks that they are services. */
export function mountInternal(app: Hono, { db }: Learning): void {
  app.get('/internal/enrolments', async (c) => {
    const person = read(z.uuid(), c.req.query('person'))
    const course = c.req.query('course')
    const found = await listEnrolments(db.hot, person)
    const states = found
      .filter(({ courseId }) => course === undefined || courseId === Number(course))
      .map(
        ({ id, courseId, revision, completedAt }): EnrolmentState => ({
          ...{ id, courseId, revision },
          completed: completedAt?.toISOString() ?? null,
        }),
      )
    return c.json(states)
  })

  app.get('/internal/learners', async (c) => {
    const ids = read(idList, c.req.query('courses') ?? '')
    return c.json(await listLearnerCounts(db.hot, ids))
  })
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Problem(422, 'Send what the contract of learning says.')
}
