import { setTimeout as delay } from 'node:timers/promises'
import { type FaultProxy, faultProxy } from '@colonnade/testing/fault-proxy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './testing/colonnade.ts'
import { installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import { readAll } from './testing/ledger.ts'
import { whole } from './testing/suffer.ts'
import { Trial } from './testing/trial.ts'

const trial = new Trial()
let parts: Parts
/** Between instructors and their database. */
let wire: FaultProxy
/** Between us and the proxy. */
let door: FaultProxy
/** Whether the next commit's answer is to be lost. */
let armed = false

beforeAll(async () => {
  const database = await installedDatabase(trial)
  wire = await faultProxy(new URL(database).host, {
    saw(direction, bytes) {
      if (!armed || direction !== 'down' || !bytes.includes('COMMIT')) return
      armed = false
      void wire.set({ down: { reset: 0 } }).then(async () => {
        await delay(100)
        await wire.set({})
      })
    },
  })
  const through = new URL(database)
  through.host = `127.0.0.1:${wire.port}`
  const shared = { INSTRUCTORS_DATABASE_URL: through.href }
  parts = await openParts(trial, database, { split: true, shared })
  await whole(parts)
  door = await faultProxy(parts.proxy.url)
}, 120_000)

afterAll(async () => {
  await parts?.close()
  await trial.close()
  await door?.close()
  await wire?.close()
})

const add = async (url: string, key: string) =>
  await fetch(`${url}/api/instructors`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${trial.token}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    },
    body: JSON.stringify({ firstName: 'Once', lastName: key }),
    signal: AbortSignal.timeout(20_000),
  })

const howMany = async (key: string) => {
  const people = await readAll<{ lastName: string }>(`${parts.proxy.url}/api/instructors`)
  return people.filter(({ lastName }) => lastName === key).length
}

/** Sends it until it is acknowledged; the process must outlive every cut. */
const settle = (key: string) =>
  eventually(async () => {
    const { instructors } = parts.services
    expect(instructors.alive(), instructors.output()).toBe(true)
    const answer = await add(parts.proxy.url, key)
    expect([answer.status, await answer.text()]).toEqual([201, expect.stringContaining(key)])
  })

test('the answer is lost between platform and client after the commit: the same key is one row', async () => {
  for (let i = 0; i < 10; i++) {
    const key = crypto.randomUUID()
    await door.set({ down: { reset: 0 } })
    await expect(add(door.url, key)).rejects.toThrow()
    await door.set({})
    expect(await howMany(key)).toBe(1)
    await settle(key)
    expect(await howMany(key)).toBe(1)
  }
}, 60_000)

test('the answer is lost between Postgres and service at the commit: the same key is one row', async () => {
  for (let i = 0; i < 10; i++) {
    const key = crypto.randomUUID()
    armed = true
    await add(parts.proxy.url, key)
    // Else the fault was none.
    expect(armed).toBe(false)
    await settle(key)
    expect(await howMany(key)).toBe(1)
  }
}, 60_000)

test.each([
  ['nothing passes any more', async () => {}],
  ['what was connected never speaks again', async () => wire.strand()],
])(
  'instructors are cut from their database (%s): 503, and back by themselves',
  async (_, mend) => {
    const keys = Array.from({ length: 20 }, () => crypto.randomUUID())
    const hole = { blackHole: true }
    await wire.set({ up: hole, down: hole })
    const answers = await Promise.all(keys.map((key) => add(parts.proxy.url, key)))
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([
        503,
        expect.stringMatching(/^\d+$/),
      ])
    }
    await mend()
    await wire.set({})
    for (const key of keys) await settle(key)
    for (const key of keys) expect(await howMany(key)).toBe(1)
    await whole(parts)
  },
  120_000,
)
