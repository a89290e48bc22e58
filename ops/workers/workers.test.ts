import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../testing/colonnade.ts'
import { everySection, look, slug } from '../testing/course-page.ts'
import { installedDatabase } from '../testing/fixture.ts'
import { ask, askAround, keepAsking, living, workersOf } from '../testing/several.ts'
import { type Serving, Trial } from '../testing/trial.ts'

const trial = new Trial()
let serving: Serving
let page: string
let courseId: number

beforeAll(async () => {
  const url = await installedDatabase(trial)
  const settings = trial.settings('workers', { DATABASE_URL: url, WORKERS: '2' })
  serving = await trial.serve(['start'], settings)
  page = `${serving.url}/learn/${slug}`
  await bothServe()
  const { items } = await (await fetch(`${serving.url}/api/courses`)).json()
  courseId = items[0].id
}, 120_000)

afterAll(() => trial.close())

/** Two workers listen, and whoever asks has the whole page. */
async function bothServe(): Promise<void> {
  await eventually(async () => {
    expect(workersOf(serving)).toHaveLength(2)
    for (const { status, body } of await askAround(page)) {
      expect([status, body.includes(' away for now.')]).toEqual([200, false])
    }
  })
}

/** Kills a worker; afterwards another one has its place. */
async function killOne(): Promise<void> {
  const [victim = 0] = workersOf(serving)
  process.kill(victim, 'SIGKILL')
  await eventually(async () => {
    const now = workersOf(serving)
    expect([now.length, now.includes(victim)]).toEqual([2, false])
  })
}

async function post(path: string, body: unknown): Promise<number> {
  const response = await fetch(serving.url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.status
}

async function metrics(): Promise<string> {
  const headers = { Authorization: `Bearer ${trial.token}` }
  return (await ask(`${serving.url}/metrics`, false, headers)).body
}

test('connections are dealt out in turn: with one worker of two, every second one ends', async () => {
  const [first = 0, second] = workersOf(serving)
  expect(first).not.toBe(second)
  const agents = Array.from({ length: 6 }, () => new Agent({ keepAlive: true }))
  for (const agent of agents) expect((await ask(page, agent)).status).toBe(200)
  const ended = agents.map(async (agent) => {
    const sockets = Object.values(agent.freeSockets).flatMap((list) => list ?? [])
    await Promise.all(sockets.map((socket) => once(socket, 'close')))
  })
  let gone = 0
  for (const end of ended) void end.then(() => gone++)
  process.kill(first, 'SIGKILL')
  await eventually(async () => expect(gone).toBe(3))
  for (const agent of agents) agent.destroy()
  await bothServe()
  expect(workersOf(serving)).not.toContain(first)
  expect(workersOf(serving)).toContain(second)
})

test('a write through one shows on the pages of both', async () => {
  await bothServe()
  const text = `Written ${crypto.randomUUID()}`
  const review = { learner: crypto.randomUUID(), author: 'Lee', stars: 5, text }
  expect(await post(`/api/courses/${courseId}/reviews`, review)).toBe(201)
  await eventually(async () => {
    for (const { body } of await askAround(page)) expect(body).toContain(text)
  }, 10_000)
})

test('a worker killed amid reads costs no page, and another one comes', async () => {
  const reading = keepAsking(page)
  for (let times = 0; times < 3; times++) await killOne()
  expect(Object.keys(await reading.stop())).toEqual(['200'])
  expect(await metrics()).toMatch(/colonnade_workers_replaced_total [4-9]/)
}, 60_000)

test('a worker killed before it took a connection leaves nobody waiting', async () => {
  const [frozen = 0] = workersOf(serving)
  process.kill(frozen, 'SIGSTOP')
  // Of four in turn, two are for the one that is frozen; one of them is handed over already.
  const asked = Array.from({ length: 4 }, () => ask(page))
  await Promise.race(asked)
  process.kill(frozen, 'SIGKILL')
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  await bothServe()
}, 60_000)

test('break and mend reach both, and a new worker is no way out', async () => {
  const reviews = `${serving.url}/api/courses/${courseId}/reviews`
  const statuses = async () => [...new Set((await askAround(reviews)).map(({ status }) => status))]
  expect(await statuses()).toEqual([200])
  await trial.run(['break', 'reviews', '--error', '--cold'], serving.settings)
  for (const { body } of await askAround(page)) expect(body).toContain(' away for now.')
  expect(await statuses()).not.toContain(200)
  await killOne()
  expect(await statuses()).not.toContain(200)
  await trial.run(['mend'], serving.settings)
  expect(await statuses()).toEqual([200])
  await bothServe()
  expect((await look(serving.url)).sections).toEqual(everySection)
}, 60_000)

test('metrics are those of all, whoever is asked', async () => {
  const pages = async () =>
    (await metrics())
      .split('\n')
      .filter((line) => line.startsWith('colonnade_requests_total{') && line.includes('"/learn/'))
      .map((line) => Number(line.split(' ').at(-1)))
      .reduce((sum, value) => sum + value, 0)
  const before = await pages()
  await askAround(page, 10)
  for (let i = 0; i < 4; i++) expect(await pages()).toBeGreaterThanOrEqual(before + 10)
  expect(await metrics()).toContain('colonnade_workers 2\n')
})

test('SIGUSR2 replaces every worker, and nobody notices', async () => {
  const before = workersOf(serving)
  const reading = keepAsking(page)
  process.kill(serving.pid, 'SIGUSR2')
  await eventually(async () => {
    const now = workersOf(serving)
    expect([now.length, now.filter((pid) => before.includes(pid))]).toEqual([2, []])
  })
  expect(Object.keys(await reading.stop())).toEqual(['200'])
  await eventually(async () => expect(living(before)).toEqual([]))
}, 60_000)

test('when the supervisor is killed its workers end, and the next start works', async () => {
  const workers = workersOf(serving)
  await serving.end('SIGKILL')
  await eventually(async () => expect(living(workers)).toEqual([]))
  serving = await trial.again(serving, ['start'])
  await bothServe()
}, 60_000)

test('SIGTERM finishes what is in flight, and leaves nothing running', async () => {
  const workers = workersOf(serving)
  const body = JSON.stringify({ firstName: 'In', lastName: 'Flight' })
  const slow = request(`${serving.url}/api/instructors`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${trial.token}`,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    },
  })
  const answered = once(slow, 'response')
  slow.write(body.slice(0, 10))
  // The first half has to be there before the signal is.
  await new Promise((resolve) => setTimeout(resolve, 500))
  // As systemd and a terminal do it: everybody hears the signal.
  for (const worker of workers) process.kill(worker, 'SIGTERM')
  const ended = serving.end('SIGTERM')
  await eventually(async () => expect(serving.output()).toContain('Stopping (SIGTERM)'))
  await eventually(() => expect(fetch(`${serving.url}/healthz`)).rejects.toThrow())
  slow.end(body.slice(10))
  const [response] = await answered
  expect(response.statusCode).toBe(201)
  expect(await ended).toBe(0)
  expect(living(workers)).toEqual([])
  expect(workersOf(serving)).toEqual([])
}, 60_000)
