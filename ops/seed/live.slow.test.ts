import { setTimeout as delay } from 'node:timers/promises'
import { connectTo, type Sql } from '@colonnade/db'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRunning } from '../running.ts'
import { eventually } from '../testing/colonnade.ts'
import { type Serving, Trial } from '../testing/trial.ts'

const trial = new Trial()
const settings = trial.settings('data')
const many = 150_000
let serving: Serving
let sql: Sql

beforeAll(async () => {
  serving = await trial.serve(['start'], settings)
  const url = listRunning(trial.data('data')).find(({ database }) => database)?.database
  sql = connectTo(url ?? '')
}, 180_000)
afterAll(async () => {
  await sql.end()
  await trial.close()
})

const seedArguments = ['seed', '--instructors', String(many), '--seed', '3']
const count = async () =>
  Number((await sql`select count(*) from instructors.instructor`)[0]?.count ?? 0)

async function ask(method: string, path: string, body?: unknown, etag = '*') {
  return await fetch(`${serving.url}/api${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${trial.token}`,
      'Content-Type': 'application/json',
      'If-Match': etag,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** Creates, reads, replaces and deletes without a pause until told to stop; each third person stays. */
async function keepBusy(until: AbortSignal) {
  const stay: number[] = []
  const gone: number[] = []
  const odd: string[] = []
  const expectStatus = async (wanted: number, answer: Response) => {
    if (answer.status !== wanted) odd.push(`${answer.status} ${await answer.text()}`)
    return answer
  }
  for (let n = 0; !until.aborted; n++) {
    const person = { firstName: 'Busy', lastName: `Number ${n}` }
    const made = await expectStatus(201, await ask('POST', '/instructors', person))
    const { id } = await made.json()
    const read = await expectStatus(200, await ask('GET', `/instructors/${id}`))
    const etag = read.headers.get('etag') ?? ''
    await read.arrayBuffer()
    const renamed = { ...person, firstName: 'Renamed' }
    const put = await expectStatus(200, await ask('PUT', `/instructors/${id}`, renamed, etag))
    await put.arrayBuffer()
    if (n % 3 === 0) stay.push(id)
    else {
      await expectStatus(204, await ask('DELETE', `/instructors/${id}`))
      gone.push(id)
    }
  }
  return { stay, gone, odd }
}

test('killed amid the load and asked for again under a busy server: all is there once, nothing is lost', async () => {
  const before = await count()
  const broken = trial.spawn(seedArguments, serving.settings)
  await eventually(async () => {
    expect(await sql`select from instructors_seed.chunk`).not.toHaveLength(0)
  }, 60_000)
  expect(await broken.end('SIGKILL')).toBe('SIGKILL')
  expect(await count()).toBe(before)
  const loaded = await sql`select xmin::text, name, number from instructors_seed.chunk`

  await expect(trial.run(['seed', '--instructors', '7'], serving.settings)).rejects.toThrow(
    'of other arguments',
  )

  const stop = new AbortController()
  const busy = keepBusy(stop.signal)
  const child = trial.spawn(seedArguments, serving.settings)
  let kept: unknown[] = []
  while (child.alive()) {
    const known = await sql`select xmin::text, name, number from instructors_seed.chunk`.catch(
      () => undefined,
    )
    if (known) kept = [...known]
    await delay(50)
  }
  expect(await child.ended, child.output()).toBe(0)
  await delay(500)
  stop.abort()
  const { stay, gone, odd } = await busy
  expect(odd).toEqual([])
  // The same rows, by the same transactions: what was loaded before the kill was not loaded again.
  expect(kept).toEqual(expect.arrayContaining([...loaded]))
  expect(await count()).toBe(before + many + stay.length)
  expect(stay.length).toBeGreaterThan(0)
  for (const id of stay) {
    const answer = await ask('GET', `/instructors/${id}`)
    expect(await answer.json()).toMatchObject({ id, firstName: 'Renamed' })
  }
  for (const id of gone.slice(-50))
    expect((await ask('GET', `/instructors/${id}`)).status).toBe(404)
}, 300_000)

test('the running server serves who was seeded, and takes changes of them', async () => {
  const [one] = await sql`
    select course_id::float8 as course, instructor_id::float8 as instructor from instructors.teaching
    where role = 'primary' order by course_id desc limit 1`
  const path = `/courses/${one?.course}/instructors`
  const taught = await (await ask('GET', path)).json()
  expect(taught[0]).toMatchObject({ id: one?.instructor, role: 'primary', example: true })
  expect(taught.length).toBeGreaterThan(1)
  const read = await ask('GET', `/instructors/${one?.instructor}`)
  const person = await read.json()
  const changed = { firstName: 'Other', lastName: person.lastName, teaches: person.teaches }
  const etag = read.headers.get('etag') ?? ''
  expect((await ask('PUT', `/instructors/${one?.instructor}`, changed, etag)).status).toBe(200)
  expect((await (await ask('GET', path)).json())[0]).toMatchObject({ firstName: 'Other' })
  expect((await ask('DELETE', `/instructors/${one?.instructor}`)).status).toBe(204)
  expect(await (await ask('GET', path)).json()).toHaveLength(taught.length - 1)
  expect((await ask('GET', `${path}/primary`)).status).toBe(404)
})

test('what the disk does not hold is refused before anything is made', async () => {
  const refused = trial.run(['seed', '--courses', '100_000_000'], serving.settings)
  await expect(refused).rejects.toThrow(
    /too small for that: .* GiB are free, about .* GiB are needed/,
  )
  expect(await sql`select from pg_namespace where nspname = 'instructors_seed'`).toHaveLength(0)
})

test('thrown away, an unfinished seed leaves nothing', async () => {
  const broken = trial.spawn(['seed', '--instructors', '2_000_000'], serving.settings)
  await eventually(async () => {
    expect(await sql`select from instructors_seed.chunk`).not.toHaveLength(0)
  }, 60_000)
  expect(await broken.end('SIGINT')).toBe(130)
  expect(broken.output()).toContain('The same command again goes on')
  expect(await trial.run(['seed', '--discard'], serving.settings)).toContain('Threw the unfinished')
  expect(await trial.run(['seed', '--discard'], serving.settings)).toContain('no unfinished')
  expect(await sql`select from pg_namespace where nspname = 'instructors_seed'`).toHaveLength(0)
}, 120_000)
