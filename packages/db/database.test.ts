import { testDatabase } from '@colonnade/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { idempotencyTable, once, onceEach } from './idempotency.ts'
import { migrate } from './migrate.ts'

const first = {
  '/somewhere/0001_first.sql': `create table thing (id bigint primary key, name text); ${idempotencyTable}`,
}

let url: string
let db: Database

beforeAll(async () => {
  url = (await testDatabase()).url
  await migrate(url, 'sample', first)
  db = openDatabase({ url, name: 'test' })
})
afterAll(() => db.close())

test('migrations run once, in order, also when two processes start at the same time', async () => {
  const files = {
    'b/0002_b.sql': 'create table b (a bigint references a (id))',
    'a/0001_a.sql': 'create table a (id bigint primary key)',
  }
  const [one, two] = await Promise.all([migrate(url, 'twice', files), migrate(url, 'twice', files)])
  expect([...one, ...two]).toEqual(['0001_a.sql', '0002_b.sql'])
  expect(await migrate(url, 'twice', files)).toEqual([])
})

test('a migration that changed after it was applied is refused', async () => {
  const changed = { '0001_first.sql': 'create table thing (id text primary key)' }
  await expect(migrate(url, 'sample', changed)).rejects.toThrow(/only go forward/)
})

test('a migration that fails leaves nothing behind', async () => {
  const broken = { '0001_x.sql': 'create table x (id int); select nonsense' }
  await expect(migrate(url, 'broken', broken)).rejects.toThrow()
  const rows =
    await db.work`select from information_schema.tables where table_schema = 'broken' and table_name = 'x'`
  expect(rows.length).toBe(0)
})

test('counts and ids beyond 32 bits are numbers', async () => {
  const [row] = await db.hot<{ big: number }[]>`select 9007199254740991::bigint as big`
  expect(row?.big).toBe(Number.MAX_SAFE_INTEGER)
})

const write = (id: number, request: string, key = 'key-1') =>
  once(db.work, 'sample', { scope: 'operator POST /things', key, request }, async (tx) => {
    await tx`insert into sample.thing (id, name) values (${id}, 'made')`
    return { status: 201, body: `{"id":${id}}` }
  })

test('under one key a write takes effect once, and its answer is given again', async () => {
  expect(await write(1, 'a')).toEqual({ status: 201, body: '{"id":1}', replayed: false })
  expect(await write(2, 'a')).toEqual({ status: 201, body: '{"id":1}', replayed: true })
  expect(await write(3, 'another body')).toBe('mismatch')
  const rows = await db.hot`select id from sample.thing where id in (1, 2, 3)`
  expect(rows.map(({ id }) => id)).toEqual([1])
})

test('while one is running, another under its key is told so', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = once(db.work, 'sample', { scope: 's', key: 'k', request: 'a' }, async () => {
    await held
    return { status: 201, body: '1' }
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(
    await once(db.work, 'sample', { scope: 's', key: 'k', request: 'a' }, async () => ({
      status: 201,
      body: '2',
    })),
  ).toBe('running')
  release()
  expect(await running).toMatchObject({ body: '1', replayed: false })
})

test('an effect that fails keeps no key', async () => {
  const failing = once(db.work, 'sample', { scope: 's', key: 'fails', request: 'a' }, async () => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await write(9, 'a', 'fails')).toMatchObject({ replayed: false })
})

test('an answer that cannot be kept undoes its write, and says so', async () => {
  const failing = once(
    db.work,
    'sample',
    { scope: 's', key: 'unkept', request: 'a' },
    async (tx) => {
      await tx`insert into sample.thing (id, name) values (77, 'made')`
      return { status: 70_000, body: 'more than its column takes' }
    },
  )
  await expect(failing).rejects.toThrow('out of range')
  expect(await db.hot`select from sample.thing where id = 77`).toHaveLength(0)
  expect(await write(77, 'a', 'unkept')).toMatchObject({ status: 201, replayed: false })
})

test('many writes under keys share a transaction, and each has its own answer', async () => {
  const asked = (key: string, request: string) => ({ scope: 'many', key, request })
  const ran: number[][] = []
  const run = (requests: ReturnType<typeof asked>[]) =>
    onceEach(db.work, 'sample', requests, async (_, places) => {
      ran.push(places)
      return places.map((place) => ({ status: 201, body: `made ${place}` }))
    })
  await run([asked('a', '1')])
  const answers = await run([
    asked('a', '1'),
    asked('b', '2'),
    asked('b', '2'),
    asked('a', 'other'),
  ])
  expect(answers).toEqual([
    { status: 201, body: 'made 0', replayed: true },
    { status: 201, body: 'made 1', replayed: false },
    'running',
    'mismatch',
  ])
  expect(ran).toEqual([[0], [1]])
})
