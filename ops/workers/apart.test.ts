import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../testing/colonnade.ts'
import { slug } from '../testing/course-page.ts'
import { installedDatabase } from '../testing/fixture.ts'
import { serviceNames } from '../testing/service-names.ts'
import { ask, askAround, living, workersOf } from '../testing/several.ts'
import { isAlive, Trial } from '../testing/trial.ts'

const trial = new Trial()
let databaseUrl: string

beforeAll(async () => {
  databaseUrl = await installedDatabase(trial)
}, 120_000)

afterAll(() => trial.close())

test('a write through services elsewhere shows on the pages of every worker of a proxy', async () => {
  const ports = { proxy: await freePort(), services: await freePort() }
  const at = (port: number) => `http://127.0.0.1:${port}`
  const common = {
    DATABASE_URL: databaseUrl,
    PROXY_URL: at(ports.proxy),
    ...Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_URL`, at(ports.services)]),
    ),
  }
  const services = await trial.serve(
    ['serve', ...serviceNames],
    trial.settings('services', { ...common, WORKERS: '2', PORT: String(ports.services) }),
  )
  expect(services.output()).not.toContain('"level":50')
  const proxy = await trial.serve(
    ['serve', 'proxy'],
    trial.settings('proxy', { ...common, WORKERS: '3', PORT: String(ports.proxy) }),
  )
  const page = `${proxy.url}/learn/${slug}`
  await eventually(async () => {
    expect(workersOf(proxy)).toHaveLength(3)
    for (const { status, body } of await askAround(page)) {
      expect([status, body.includes(' away for now.')]).toEqual([200, false])
    }
  })
  const { items } = JSON.parse((await ask(`${services.url}/api/courses`)).body)
  const text = `Written ${crypto.randomUUID()}`
  const written = await fetch(`${services.url}/api/courses/${items[0].id}/reviews`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ learner: crypto.randomUUID(), author: 'Lee', stars: 5, text }),
  })
  expect(written.status).toBe(201)
  await eventually(async () => {
    for (const { body } of await askAround(page, 12)) expect(body).toContain(text)
  }, 10_000)
  expect(await proxy.end('SIGTERM')).toBe(0)
  expect(await services.end('SIGTERM')).toBe(0)
}, 90_000)

test('when no worker can start the command ends, and says why once', async () => {
  const settings = trial.settings('nowhere', {
    DATABASE_URL: databaseUrl,
    WORKERS: '2',
    PORT: String(await freePort()),
  })
  // Where the proxy's folder should be.
  mkdirSync(trial.data('nowhere'), { recursive: true })
  writeFileSync(join(trial.data('nowhere'), 'proxy'), '')
  const child = trial.spawn(['start'], settings)
  expect(await child.ended).toBe(1)
  expect(child.output().split('EEXIST: file already exists').length).toBe(2)
  expect(child.output()).not.toContain('Colonnade is at')
})

test('a taken port is told in one line before any worker is started', async () => {
  const first = await trial.serve(
    ['serve', 'proxy'],
    trial.settings('first', { DATABASE_URL: databaseUrl, WORKERS: '2' }),
  )
  const second = trial.spawn(
    ['serve', 'proxy'],
    trial.settings('second', { WORKERS: '2', PORT: String(first.port) }),
  )
  expect(await second.ended).toBe(1)
  expect(second.output()).toContain(`Port ${first.port} is taken`)
  expect(second.output()).not.toContain('    at ')
  expect(await first.end('SIGINT')).toBe(0)
})

test('the embedded database is left by a killed supervisor, and taken over by the next', async () => {
  const settings = trial.settings('embedded', { WORKERS: '2' })
  // The samples count as imported, which saves their time.
  writeFileSync(join(trial.data('embedded'), 'samples-imported'), '')
  const first = await trial.serve(['start'], settings)
  await eventually(async () => expect(workersOf(first)).toHaveLength(2))
  const workers = workersOf(first)
  await first.end('SIGKILL')
  await eventually(async () => expect(living(workers)).toEqual([]))
  const second = await trial.again(first, ['start'])
  expect(second.output()).toContain('Took over the database')
  expect(await second.end('SIGTERM')).toBe(0)
  expect(trial.postgres().filter(isAlive)).toEqual([])
}, 120_000)
