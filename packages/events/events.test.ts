import { type Database, migrate, openDatabase } from '@colonnade/db'
import { type Backend, createTrust, type EventMessage } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hear, mountEvents } from './inbox.ts'
import { outboxTables } from './outbox.ts'
import { takeDeliveries, tell } from './queries.ts'
import { createRelay, type Relay, type Subscriber } from './relay.ts'

const trust = createTrust('a secret for tests')
let db: Database
let relay: Relay | undefined

beforeEach(async () => {
  const { url } = await testDatabase('events', async (fresh) => {
    await migrate(fresh, 'teller', { '0001.sql': outboxTables })
    await migrate(fresh, 'listener', {
      '0001.sql': `${outboxTables} create table effect (subject text, event uuid)`,
    })
  })
  db = openDatabase({ url, name: 'test' })
})
afterEach(async () => {
  await relay?.close()
  relay = undefined
  await db.close()
})

/** A subscriber that notes what it got; `refuse` makes it fail a number of times first. */
function listener(name: string, hears: readonly string[] | '*', refuse = 0) {
  const got: EventMessage[] = []
  const app = new Hono()
  mountEvents(app, trust, async (events) => {
    if (refuse-- > 0) throw new Error('not now')
    got.push(...events)
  })
  const backend: Backend = {
    fetch: async (path, init) => await app.fetch(new Request(`http://inside${path}`, init)),
  }
  const subscriber: Subscriber = { name, hears, backend }
  return { got, subscriber }
}

const relayTo = (...subscribers: Subscriber[]) =>
  createRelay({ sql: () => db.work, schema: 'teller', subscribers, trust })

test('each subscriber gets what it hears, once, in order, and nothing is left waiting', async () => {
  const all = listener('proxy', '*')
  const some = listener('courses', ['reviews.changed'])
  for (let i = 1; i <= 1200; i++) {
    await tell(db.work, 'teller', {
      type: i % 2 ? 'reviews.changed' : 'other',
      subject: `reviews-of:${i}`,
    })
  }
  relay = relayTo(all.subscriber, some.subscriber)
  await relay.drained(20_000)
  expect(all.got.map(({ subjectVersion }) => subjectVersion)).toEqual(
    Array.from({ length: 1200 }, (_, i) => i + 1),
  )
  expect(some.got).toHaveLength(600)
})

test('a subscriber that fails gets it again; the others do not wait', async () => {
  const failing = listener('courses', '*', 3)
  const fine = listener('proxy', '*')
  await tell(db.work, 'teller', { type: 'a', subject: 'a:1' })
  relay = relayTo(failing.subscriber, fine.subscriber)
  await relay.drained(20_000)
  expect(failing.got).toHaveLength(1)
  expect(fine.got).toHaveLength(1)
})

test('one that hangs holds up nobody else', async () => {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const hanging: Backend = { fetch: () => held.then(() => Response.json({ failed: [] })) }
  const fine = listener('proxy', '*')
  relay = relayTo({ name: 'courses', hears: '*', backend: hanging }, fine.subscriber)
  for (let i = 1; i <= 3; i++) {
    await tell(db.work, 'teller', { type: 'a', subject: `a:${i}` })
    relay.nudge()
    await vi.waitFor(() => expect(fine.got).toHaveLength(i), 2000)
  }
  goOn()
})

test('however often it is nudged, it looks only now and then', async () => {
  let looks = 0
  const sql = () => {
    looks++
    return db.work
  }
  relay = createRelay({ sql, schema: 'teller', subscribers: [], trust })
  const nudges = 500
  for (let i = 0; i < nudges; i++) {
    relay.nudge()
    await db.hot`select`
  }
  expect(looks).toBeLessThan(nudges / 4)
})

test('an event whose transaction rolls back is never told', async () => {
  const all = listener('proxy', '*')
  await db.work
    .begin(async (tx) => {
      await tell(tx, 'teller', { type: 'a', subject: 'a:1' })
      throw new Error('changed my mind')
    })
    .catch(() => {})
  relay = relayTo(all.subscriber)
  await relay.drained(5000)
  expect(all.got).toEqual([])
})

test('a row that commits late is not passed by', async () => {
  const all = listener('proxy', '*')
  let commit = () => {}
  const held = new Promise<void>((resolve) => {
    commit = resolve
  })
  const late = db.work.begin(async (tx) => {
    await tell(tx, 'teller', { type: 'late', subject: 'a:1' })
    await held
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  await tell(db.work, 'teller', { type: 'early', subject: 'a:2' })
  relay = relayTo(all.subscriber)
  await relay.drained(5000)
  commit()
  await late
  await relay.drained(5000)
  expect(all.got.map(({ type }) => type)).toEqual(['early', 'late'])
})

test('what a process that died had in hand is taken by another after the lease', async () => {
  const all = listener('proxy', '*')
  await tell(db.work, 'teller', { type: 'a', subject: 'a:1' })
  relay = relayTo({ ...all.subscriber, backend: { fetch: async () => Response.error() } })
  relay.nudge()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await relay.close()
  await takeDeliveries(db.work, 'teller', 'proxy', 1)
  relay = relayTo(all.subscriber)
  await relay.drained(20_000)
  expect(all.got).toHaveLength(1)
})

test('what a database whose clock was two days ahead has put off is not late by two days', async () => {
  const all = listener('proxy', '*')
  await tell(db.work, 'teller', { type: 'a', subject: 'a:1' })
  relay = relayTo({ ...all.subscriber, backend: { fetch: async () => Response.error() } })
  relay.nudge()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await relay.close()
  await db.work`update teller.delivery set next_try = now() + interval '2 days'`
  relay = relayTo(all.subscriber)
  await relay.drained(20_000)
  expect(all.got).toHaveLength(1)
})

test('two relays at once deliver each event to a subscriber once', async () => {
  const all = listener('proxy', '*')
  for (let i = 0; i < 300; i++) await tell(db.work, 'teller', { type: 'a', subject: `a:${i}` })
  relay = relayTo(all.subscriber)
  const second = relayTo(all.subscriber)
  await Promise.all([relay.drained(20_000), second.drained(20_000)])
  await second.close()
  expect(new Set(all.got.map(({ id }) => id)).size).toBe(300)
  expect(all.got).toHaveLength(300)
})

/** An event as it arrives. */
const arrived = (subject: string, subjectVersion: number): EventMessage => ({
  id: crypto.randomUUID(),
  type: 'a',
  version: 1,
  subject,
  subjectVersion,
  occurredAt: new Date().toISOString(),
  data: {},
})

test('twice is once, and late is harmless', async () => {
  const take = (message: EventMessage) =>
    hear(db.work, 'listener', [message], async (tx) => {
      await tx`insert into listener.effect (subject, event) values (${message.subject}, ${message.id})`
    })
  const second = arrived('a:1', 2)
  for (const message of [second, second, arrived('a:1', 1), arrived('a:1', 3)]) await take(message)
  const rows = await db.work`select event from listener.effect`
  expect(rows).toHaveLength(2)
})

/** Hands a subscriber's endpoint to a relay. */
const within = (app: Hono): Backend => ({
  fetch: async (path, init) => await app.fetch(new Request(`http://inside${path}`, init)),
})

test('of many about one thing the newest counts, and many are handled together', async () => {
  const got: EventMessage[][] = []
  const app = new Hono()
  mountEvents(app, trust, async (events) => void got.push([...events]), { most: 6 })
  for (let i = 0; i < 100; i++) {
    await tell(db.work, 'teller', { type: i === 50 ? 'ended' : 'changed', subject: `a:${i % 10}` })
  }
  relay = relayTo({ name: 'courses', hears: '*', backend: within(app) })
  await relay.drained(20_000)
  expect(got.map((events) => events.length)).toEqual([6, 5])
  expect(got.flat().map((one) => one.subjectVersion)).toEqual([
    51,
    ...Array.from({ length: 10 }, (_, i) => 91 + i),
  ])
})

test('one that cannot be handled holds up none of those it came with', async () => {
  const got: string[] = []
  const app = new Hono()
  mountEvents(app, trust, async (events) => {
    if (events.some(({ subject }) => subject === 'a:3')) throw new Error('not this one')
    got.push(...events.map(({ subject }) => subject))
  })
  for (let i = 0; i < 8; i++) await tell(db.work, 'teller', { type: 'a', subject: `a:${i}` })
  relay = relayTo({ name: 'courses', hears: '*', backend: within(app) })
  await expect(relay.drained(500)).rejects.toThrow()
  expect(new Set(got)).toEqual(new Set([0, 1, 2, 4, 5, 6, 7].map((i) => `a:${i}`)))
  const left =
    await db.work`select o.subject from teller.delivery d join teller.outbox o on o.id = d.event`
  expect(left).toEqual([{ subject: 'a:3' }])
})

test('what is new among events that came before takes effect, and nothing else does', async () => {
  const fresh: string[][] = []
  const take = (...events: EventMessage[]) =>
    hear(db.work, 'listener', events, async (_, some) => {
      fresh.push(some.map(({ subject, subjectVersion }) => `${subject} ${subjectVersion}`))
    })
  await take(arrived('b', 5), arrived('a', 2))
  await take(arrived('a', 2), arrived('b', 4))
  await take(arrived('c', 1), arrived('b', 6), arrived('a', 1))
  expect(fresh).toEqual([
    ['b 5', 'a 2'],
    ['c 1', 'b 6'],
  ])
})

test('events are taken only from those who share the secret', async () => {
  const app = new Hono()
  mountEvents(app, trust, async () => {})
  app.onError((_, c) => c.text('refused', 401))
  const send = (authorization: string) =>
    app.request('/internal/events', {
      method: 'POST',
      headers: { authorization },
      body: '{"events":[]}',
    })
  expect((await send(await createTrust('another secret').header())).status).toBe(401)
  expect((await send(await trust.header())).status).toBe(200)
})
