import { setTimeout as delay } from 'node:timers/promises'
import type { Sql } from '@colonnade/db'
import type { Backend, EventMessage, Trust } from '@colonnade/http'
import { oneAtATime } from './one-at-a-time.ts'
import {
  batchSize,
  countWaiting,
  fanOut,
  hasUndelivered,
  postponeDeliveries,
  removeDeliveries,
  removeOldEvents,
  takeDeliveries,
} from './queries.ts'

/** Who hears a service's events: another service, or one proxy. */
export type Subscriber = {
  /** Stable over restarts: what is undelivered is kept under it. */
  name: string
  /** Event types, or all. */
  hears: readonly string[] | '*'
  backend: Backend
}

export type Relay = {
  /** Call after a commit that told something; otherwise the relay looks every half second. Costs little, however often. */
  nudge(): void
  /** Resolves when nothing is due any more, or rejects after `ms`. */
  drained(ms: number): Promise<void>
  /** How many events have not reached everyone. Rejects while the database is away. */
  waiting(): Promise<number>
  /** How many events each subscriber has taken from here. */
  delivered: ReadonlyMap<string, number>
  close(): Promise<void>
}

const pollMs = 500
/** From one round's beginning to the next: a thousand writes a second are brought in rounds of many, not one by one. */
const roundMs = 25
const answerMs = 4000
const leaseSeconds = 5

/**
 * Brings a service's events to its subscribers, at least once each, in batches, every subscriber at its own pace.
 * Runs in the service's own process; several replicas may relay at the same time.
 */
export function createRelay(options: {
  /** Asked for anew with every statement. */
  sql(): Sql
  schema: string
  subscribers: readonly Subscriber[]
  trust: Trust
  /** Leaves everything to the other replicas: nothing is given out, nothing brought. */
  idle?: boolean
  onError?(error: unknown): void
}): Relay {
  const { schema, subscribers, trust, onError = () => {} } = options
  const hears = subscribers.map((subscriber) => ({
    name: subscriber.name,
    hears: subscriber.hears === '*' ? '*' : `,${subscriber.hears.join(',')},`,
  }))
  const delivered = new Map(subscribers.map(({ name }) => [name, 0]))
  let closed = options.idle ?? false
  let began = Number.NEGATIVE_INFINITY
  let rounds = 0

  const couriers = new Map(
    subscribers.map((subscriber) => [
      subscriber.name,
      oneAtATime(() => bringAll(subscriber), onError),
    ]),
  )

  async function bringAll(subscriber: Subscriber): Promise<void> {
    while ((await bring(subscriber)) === batchSize && !closed);
  }

  /** @returns how many events were due */
  async function bring({ name, backend }: Subscriber): Promise<number> {
    const events = await takeDeliveries(options.sql(), schema, name, leaseSeconds)
    if (events.length === 0) return 0
    const ids = events.map((event) => event.id)
    const failed = new Set(await post(backend, trust, events).catch(() => ids))
    const done = ids.filter((id) => !failed.has(id))
    delivered.set(name, (delivered.get(name) ?? 0) + done.length)
    if (done.length > 0) await removeDeliveries(options.sql(), schema, name, done)
    if (failed.size > 0) await postponeDeliveries(options.sql(), schema, name, [...failed])
    return events.length
  }

  async function round(): Promise<void> {
    for (let taken = batchSize; taken === batchSize && !closed; ) {
      const given = await fanOut(options.sql(), schema, hears)
      // Nobody waits for anybody: a subscriber that hangs would hold up what all others are told.
      for (const name of given.due) couriers.get(name)?.again()
      taken = given.taken
    }
    if (rounds++ % 1000 === 0) await removeOldEvents(options.sql(), schema)
  }

  const looking = oneAtATime(async () => {
    const rest = began + roundMs - performance.now()
    if (rest > 0) await delay(rest)
    began = performance.now()
    if (!closed) await round()
  }, onError)
  const look = () => {
    if (!closed) looking.again()
  }

  async function ended(): Promise<void> {
    await looking.done()
    await Promise.all([...couriers.values()].map((courier) => courier.done()))
  }

  const timer = setInterval(look, pollMs)
  timer.unref()
  return {
    delivered,
    waiting: () => countWaiting(options.sql(), schema),
    nudge: () => setImmediate(look),
    async drained(ms) {
      const until = performance.now() + ms
      while (performance.now() < until) {
        look()
        await ended()
        if (!(await hasUndelivered(options.sql(), schema))) return
        await delay(100)
      }
      throw new Error(`Events of ${schema} did not reach everyone within ${ms} ms.`)
    },
    async close() {
      closed = true
      clearInterval(timer)
      await ended()
    },
  }
}

/** @returns ids of the events that the subscriber could not take */
async function post(
  backend: Backend,
  trust: Trust,
  events: readonly EventMessage[],
): Promise<string[]> {
  const response = await backend.fetch('/internal/events', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: await trust.header() },
    body: JSON.stringify({ events }),
    signal: AbortSignal.timeout(answerMs),
  })
  if (!response.ok) throw new Error(`events: ${response.status}`)
  const { failed } = (await response.json()) as { failed: string[] }
  return failed
}
