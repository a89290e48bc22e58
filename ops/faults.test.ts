import type { Fault } from '@colonnade/testing/fault-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everySection, look, owners } from './testing/course-page.ts'
import { installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import type { HalfWay } from './testing/half-way.ts'
import { lockSchema } from './testing/lock-schema.ts'
import { standsCold, standsWarm, whole } from './testing/suffer.ts'
import { Trial } from './testing/trial.ts'

const trial = new Trial()
let databaseUrl: string
let parts: Parts

beforeAll(async () => {
  databaseUrl = await installedDatabase(trial)
  parts = await openParts(trial, databaseUrl)
  await whole(parts)
}, 120_000)

afterAll(async () => {
  await parts?.close()
  await trial.close()
})

/** Each service once, each fault once or more; the whole table is in faults.slow.test.ts. */
const cases: [(typeof owners)[number], Fault | HalfWay][] = [
  ['reviews', 'hang'],
  ['reviews', 'swells'],
  ['instructors', 'stalls'],
  ['instructors', 'garbage'],
  ['courses', 'error'],
  ['courses', 'refuse'],
]

test.each(cases)(
  '%s suffers (%s): the page stands in time, warm and cold, and heals by itself',
  async (service, fault) => {
    await parts.suffer(service, fault)
    await standsWarm(parts)
    await standsCold(parts, [service])
    await parts.suffer(service, 'pass')
    await whole(parts)
  },
)

test.each(owners)(
  'the schema of %s is locked: the page stands, and heals by itself',
  async (service) => {
    const unlock = await lockSchema(databaseUrl, service)
    await standsWarm(parts)
    await standsCold(parts, [service])
    await unlock()
    await whole(parts)
  },
)

test('a proxy restarted while reviews hang has its page, and the section when it is back', async () => {
  await whole(parts)
  await parts.suffer('reviews', 'hang')
  await parts.restartProxy()
  const seen = await look(parts.proxy.url)
  expect([seen.status, seen.sections, seen.away]).toEqual([200, everySection, 0])
  await parts.restartProxy({ cold: true })
  await standsCold(parts, ['reviews'])
  await parts.suffer('reviews', 'pass')
  await whole(parts)
})
