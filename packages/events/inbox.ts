import type { Sql, Transaction } from '@colonnade/db'
import { type EventMessage, Problem, readBody, type Trust } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import { noteEvent } from './queries.ts'

const batch = z.object({
  events: z.array(
    z.object({
      id: z.uuid(),
      type: z.string(),
      version: z.number(),
      subject: z.string(),
      subjectVersion: z.number(),
      occurredAt: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
})

/**
 * Mounts `POST /internal/events`. Each event goes to `handle`; one that throws is named in the answer and comes again,
 * so `handle` must not mind seeing an event twice.
 */
export function mountEvents(
  app: Hono,
  trust: Trust,
  handle: (event: EventMessage) => Promise<void>,
  onError: (error: unknown) => void = () => {},
): void {
  app.post('/internal/events', async (c) => {
    if (!(await trust.check(c.req.header('authorization')))) throw new Problem(401)
    const bytes = await readBody(c.req.raw, 4 * 1024 * 1024)
    const { events } = batch.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    const failed: string[] = []
    for (const event of events) {
      try {
        await handle(event)
      } catch (error) {
        onError(error)
        failed.push(event.id)
      }
    }
    return c.json({ failed })
  })
}

/**
 * Lets an event take effect once: the event is noted beside the effect, in one transaction, and one that is no newer
 * than what was noted for its subject is left alone.
 */
export async function hear(
  sql: Sql,
  schema: string,
  event: EventMessage,
  effect: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await sql.begin(async (tx) => {
    if (await noteEvent(tx, schema, event)) await effect(tx)
  })
}
