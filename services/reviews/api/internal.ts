import { randomUUID } from 'node:crypto'
import { catalogueId, jsonBody, Problem, type ServiceContext, uuidv7 } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import { exampleReview } from '../contract.ts'
import { listSummaries, replaceImported } from '../queries/summaries.ts'

const idList = z
  .string()
  .transform((ids) => (ids === '' ? [] : ids.split(',').map(Number)))
  .pipe(z.array(catalogueId).max(1000))

/** What other services ask; mount after `mountInternals`, which checks that they are services. */
export function mountInternal(app: Hono, { db, nudge }: ServiceContext): void {
  app.get('/internal/summaries', async (c) => {
    const ids = parse(idList, c.req.query('courses') ?? '')
    return c.json(await listSummaries(db.hot, ids))
  })

  app.put('/internal/examples/:courseId', async (c) => {
    const courseId = parse(z.coerce.number().pipe(catalogueId), c.req.param('courseId'))
    const given = parse(
      z.array(exampleReview).max(10_000),
      await jsonBody(c.req.raw, 16 * 1024 * 1024),
    )
    const changed = await db.work.begin((tx) =>
      replaceImported(
        tx,
        courseId,
        given.map((one) => ({ ...one, id: uuidv7(), learner: randomUUID() })),
      ),
    )
    if (changed) nudge()
    return c.body(null, 204)
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
