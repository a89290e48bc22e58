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
 * Mounts `POST /internal/events`. An event says that something changed, not how: of several of one type about one subject
 * only the newest goes to `handle`. One that throws is named in the answer and comes again, so `handle` must not mind
 * seeing an event twice. Events about one subject are handled in their order.
 * @param options.atOnce subjects whose events are handled at the same time
 */
export function mountEvents(
  app: Hono,
  trust: Trust,
  handle: (event: EventMessage) => Promise<void>,
  { onError = () => {}, atOnce = 1 }: { onError?(error: unknown): void; atOnce?: number } = {},
): void {
  app.post('/internal/events', async (c) => {
    if (!(await trust.check(c.req.header('authorization')))) throw new Problem(401)
    const bytes = await readBody(c.req.raw, 4 * 1024 * 1024)
    const { events } = batch.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    const failed: string[] = []
    const subjects = newestBySubject(events)
    const work = async () => {
      for (let next = subjects.shift(); next; next = subjects.shift()) {
        for (const event of next) {
          try {
            await handle(event)
          } catch (error) {
            onError(error)
            failed.push(event.id)
          }
        }
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    return c.json({ failed })
  })
}

/** Of each subject, by its first event, the newest event of each type, in their order. */
function newestBySubject(events: readonly EventMessage[]): EventMessage[][] {
  const subjects = new Map<string, Map<string, EventMessage>>()
  for (const event of events) {
    const types = subjects.get(event.subject) ?? new Map<string, EventMessage>()
    // Taken out first, so that it stands where the newest came.
    types.delete(event.type)
    subjects.set(event.subject, types.set(event.type, event))
  }
  return [...subjects.values()].map((types) => [...types.values()])
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
