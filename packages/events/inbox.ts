import type { Sql, Transaction } from '@colonnade/db'
import { type EventMessage, Problem, readBody, type Trust } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import { noteEvents } from './queries.ts'

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

/** Of what the teller waits for an answer (4 s), the part in which new work is begun. */
const workMs = 3000

/**
 * Mounts `POST /internal/events`. An event says that something changed, not how: of several of one type about one subject
 * only the newest goes to `handle`. Those that it throws for go to it once more, one by one; the ones that fail again, and
 * those for which no time was left, are named in the answer and come again. So `handle` must not mind seeing an event twice.
 * @param handle is given at most `most` events, in their order, no two of one type about one subject
 */
export function mountEvents(
  app: Hono,
  trust: Trust,
  handle: (events: readonly EventMessage[]) => Promise<void>,
  { onError = () => {}, most = 50 }: { onError?(error: unknown): void; most?: number } = {},
): void {
  /** @returns ids of those that failed */
  async function take(events: readonly EventMessage[], until: number): Promise<string[]> {
    if (performance.now() > until) return events.map(({ id }) => id)
    try {
      await handle(events)
      return []
    } catch (error) {
      if (events.length > 1) return await takeInParts(events, 1, until)
      onError(error)
      return events.map(({ id }) => id)
    }
  }

  async function takeInParts(events: readonly EventMessage[], size: number, until: number) {
    const failed: string[] = []
    for (let at = 0; at < events.length; at += size) {
      failed.push(...(await take(events.slice(at, at + size), until)))
    }
    return failed
  }

  app.post('/internal/events', async (c) => {
    if (!(await trust.check(c.req.header('authorization')))) throw new Problem(401)
    const until = performance.now() + workMs
    const bytes = await readBody(c.req.raw, 4 * 1024 * 1024)
    const { events } = batch.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return c.json({ failed: await takeInParts(newestOfEach(events), most, until) })
  })
}

/** The newest event of each type and subject, in their order. */
function newestOfEach(events: readonly EventMessage[]): EventMessage[] {
  const newest = new Map<string, EventMessage>()
  for (const event of events) {
    const about = `${event.type} ${event.subject}`
    // Taken out first, so that it stands where the newest came.
    newest.delete(about)
    newest.set(about, event)
  }
  return [...newest.values()]
}

/**
 * Lets events take effect once: each is noted beside the effect, in one transaction, and one that is no newer than what
 * was noted for its subject is left alone.
 * @param events of different subjects
 * @param effect is given those that are new, and is not called when none is
 */
export async function hear(
  sql: Sql,
  schema: string,
  events: readonly EventMessage[],
  effect: (tx: Transaction, fresh: readonly EventMessage[]) => Promise<void>,
): Promise<void> {
  await sql.begin(async (tx) => {
    const noted = await noteEvents(tx, schema, events)
    const fresh = events.filter(({ subject }) => noted.has(subject))
    if (fresh.length > 0) await effect(tx, fresh)
  })
}
