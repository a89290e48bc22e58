import { readdirSync, readFileSync } from 'node:fs'
import type { Fault } from '@colonnade/testing/fault-server'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from './testing/colonnade.ts'
import { everySection, look, owners } from './testing/course-page.ts'
import { installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import type { HalfWay } from './testing/half-way.ts'
import { lockSchema } from './testing/lock-schema.ts'
import { writeSmallCourse } from './testing/small-course.ts'
import { standsCold, standsWarm, whole } from './testing/suffer.ts'
import { type Serving, Trial } from './testing/trial.ts'

const trial = new Trial()
/** On the run's own server, every service in a process of its own. */
let databaseUrl: string
let parts: Parts
/** On a server of their own, which may be stopped. */
const own = new Trial()
let database: Serving
let ownParts: Parts

beforeAll(async () => {
  databaseUrl = await installedDatabase(trial)
  parts = await openParts(trial, databaseUrl, { split: true })
  await whole(parts)
  database = await own.serve(
    ['serve', 'database'],
    own.settings('database', { PORT: String(await freePort()) }),
  )
  const url = /postgres:\/\/\S+/.exec(database.output())?.[0] ?? ''
  const course = writeSmallCourse(own.data('course'))
  await own.run(['import', course], { ...own.settings('import'), DATABASE_URL: url })
  ownParts = await openParts(own, url)
  await whole(ownParts)
}, 240_000)

// What one case broke must not fail the next.
afterEach(async () => {
  for (const service of owners) await parts.suffer(service, 'pass')
})

afterAll(async () => {
  await parts?.close()
  await ownParts?.close()
  await trial.close()
  await own.close()
})

async function hasPage(of: Parts): Promise<void> {
  const seen = await look(of.proxy.url)
  expect([seen.status, seen.sections, seen.away]).toEqual([200, everySection, 0])
}

/** Warm, cold, and with the proxy restarted meanwhile, with its copies and without. */
async function standsAllWays(of: Parts, service: (typeof owners)[number]): Promise<void> {
  await standsWarm(of)
  await standsCold(of, [service])
  await of.restartProxy()
  await standsCold(of, [service])
}

const faults: (Fault | HalfWay)[] = [
  ...(['refuse', 'hang', 'half', 'cut', 'error', 'garbage', 'huge', 'endless', 'slow'] as const),
  ...(['stalls', 'breaks', 'swells', 'lies'] as const),
]

test.each(owners.flatMap((service) => faults.map((fault) => ({ service, fault }))))(
  '$service suffers ($fault), the proxy restarted meanwhile',
  async ({ service, fault }) => {
    await parts.suffer(service, fault)
    await parts.restartProxy()
    await hasPage(parts)
    await standsAllWays(parts, service)
    await parts.suffer(service, 'pass')
    await whole(parts)
  },
  90_000,
)

test.each(owners)(
  'the schema of %s is locked, the proxy restarted meanwhile',
  async (service) => {
    const unlock = await lockSchema(databaseUrl, service)
    await parts.restartProxy()
    await hasPage(parts)
    await standsAllWays(parts, service)
    await unlock()
    await whole(parts)
  },
  90_000,
)

test.each(owners)(
  'the process of %s is frozen, then killed, then started again',
  async (service) => {
    process.kill(parts.services[service].pid, 'SIGSTOP')
    await standsWarm(parts)
    process.kill(parts.services[service].pid, 'SIGCONT')
    await whole(parts)
    await parts.services[service].end('SIGKILL')
    await parts.restartProxy()
    await hasPage(parts)
    await standsAllWays(parts, service)
    parts.services[service] = await trial.again(parts.services[service], ['serve', service])
    await whole(parts)
  },
  90_000,
)

/** The server and every process it has begun. */
function processesOf(server: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return new RegExp(`^PPid:\\s+${server}$`, 'm').test(
        readFileSync(`/proc/${name}/status`, 'utf8'),
      )
    } catch {
      return false
    }
  })
  return [server, ...children.map(Number)]
}

test.skipIf(process.platform !== 'linux')(
  'Postgres is frozen: every page stands, and heals',
  async () => {
    const [server = 0] = own.postgres()
    const frozen = processesOf(server)
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    await standsWarm(ownParts)
    await ownParts.restartProxy()
    await hasPage(ownParts)
    await standsCold(ownParts, owners)
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
    await whole(ownParts)
  },
  90_000,
)

test('Postgres is killed: it is started again, and the page never noticed', async () => {
  const [server = 0] = own.postgres()
  process.kill(server, 'SIGKILL')
  await ownParts.change()
  await hasPage(ownParts)
  await eventually(async () => expect(own.postgres()).not.toContain(server))
  await whole(ownParts)
}, 90_000)

test('Postgres is stopped: every page stands, and heals when it is there again', async () => {
  expect(await database.end('SIGTERM')).toBe(0)
  await standsWarm(ownParts)
  await ownParts.restartProxy()
  await hasPage(ownParts)
  await standsCold(ownParts, owners)
  const writing = await fetch(`${ownParts.proxy.url}/api/instructors`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${own.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ firstName: 'No', lastName: 'Database' }),
  })
  expect([writing.status, writing.headers.get('retry-after')]).toEqual([503, '1'])
  database = await own.again(database, ['serve', 'database'])
  await whole(ownParts)
}, 120_000)

test('an unknown course is 404 while courses answer, 503 while they do not', async () => {
  await parts.restartProxy()
  await whole(parts)
  const status = async () =>
    (await look(parts.proxy.url, `/learn/none-${crypto.randomUUID()}`)).status
  expect(await status()).toBe(404)
  await parts.suffer('courses', 'hang')
  expect(await status()).toBe(503)
  await parts.suffer('courses', 'pass')
  await eventually(async () => expect(await status()).toBe(404))
}, 60_000)
