import { setTimeout as delay } from 'node:timers/promises'
import { testDatabase } from '@colonnade/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectTo } from './connect.ts'
import type { Sql } from './database.ts'
import { MigrationError, migrate } from './migrate.ts'

const first = {
  '0001_thing.sql': 'create table thing (id bigint primary key, name text not null default $$$$)',
}
const column = { ...first, '0002_mood.sql': 'alter table thing add column mood text' }

let url: string
let sql: Sql
beforeAll(async () => {
  url = (await testDatabase()).url
  sql = connectTo(url, { max: 4 })
})
afterAll(() => sql.end({ timeout: 1 }))

const has = async (schema: string, name: string) =>
  (
    await sql`select from information_schema.columns
      where table_schema = ${schema} and table_name = 'thing' and column_name = ${name}`
  ).length > 0
const applied = async (schema: string) =>
  (await sql`select name from ${sql(schema)}.migration order by name`).map(({ name }) => name)

/** Reads every 20 ms, each within its own connection's turn. @returns what ends it, with the longest wait */
function readers(schema: string): () => Promise<number> {
  const waits: Promise<number>[] = []
  const one = async () => {
    const began = performance.now()
    await sql`select count(*) from ${sql(schema)}.thing`
    return performance.now() - began
  }
  const timer = setInterval(() => waits.push(one()), 20)
  return async () => {
    clearInterval(timer)
    return Math.max(...(await Promise.all(waits)))
  }
}

test('a migration waits for a lock only so long that readers hardly notice, and comes again', async () => {
  await migrate(url, 'held', first)
  const holder = connectTo(url)
  let release = () => {}
  const letGo = new Promise<void>((resolve) => {
    release = resolve
  })
  const holding = holder.begin(async (tx) => {
    await tx`select from held.thing`
    await letGo
  })
  await delay(100)
  await expect(migrate(url, 'held', column, 700)).rejects.toThrow(/somebody holds its tables/)
  expect(await has('held', 'mood')).toBe(false)
  const done = readers('held')
  const waiting = migrate(url, 'held', column)
  await delay(1500)
  release()
  await Promise.all([waiting, holding])
  expect(await done()).toBeLessThan(1000)
  expect(await has('held', 'mood')).toBe(true)
  await holder.end()
})

test('a migration that keeps others waiting is undone, and says so', async () => {
  await migrate(url, 'slow', first)
  const done = readers('slow')
  const slow = {
    ...column,
    '0003_slow.sql': 'alter table thing add column slow text; select pg_sleep(20)',
  }
  await expect(migrate(url, 'slow', slow)).rejects.toThrow(MigrationError)
  expect(await done()).toBeLessThan(1000)
  expect(await applied('slow')).toEqual(['0001_thing.sql', '0002_mood.sql'])
  expect(await has('slow', 'slow')).toBe(false)
})

test('one whose connection dies half-way leaves nothing, and is done by the next', async () => {
  await migrate(url, 'dies', first)
  const half = 'create table other (id bigint); select pg_sleep(20); drop table other'
  const dying = migrate(url, 'dies', { ...first, '0002_half.sql': half })
  const outcome = expect(dying).rejects.toThrow()
  await expect
    .poll(async () => {
      const ended = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'colonnade migrate dies' and query like '%pg_sleep%'`
      return ended.length
    })
    .toBe(1)
  await outcome
  expect(await sql`select to_regclass('dies.other') as there`).toEqual([{ there: null }])
  expect(await migrate(url, 'dies', column)).toEqual(['0002_mood.sql'])
})

test('an index whose build was broken off is built again, beside those who write', async () => {
  await migrate(url, 'index', first)
  await sql`insert into index.thing (id, name) values (1, 'same'), (2, 'same')`
  const build =
    '-- outside a transaction\ncreate unique index concurrently if not exists thing_name on thing (name);\n'
  const files = { ...first, '0002_name.sql': build }
  await expect(migrate(url, 'index', files)).rejects.toThrow(/could not create unique index/)
  const valid = async () =>
    (await sql`select indisvalid from pg_index where indexrelid = 'index.thing_name'::regclass`)[0]
      ?.indisvalid
  expect(await valid()).toBe(false)
  await sql`update index.thing set name = 'other' where id = 2`
  // Two at once: one that waited inside a statement would keep the build waiting for ever.
  const [one, two] = await Promise.all([migrate(url, 'index', files), migrate(url, 'index', files)])
  expect([...one, ...two]).toEqual(['0002_name.sql'])
  expect(await valid()).toBe(true)
})

test('outside a transaction nothing else may stand', async () => {
  const files = { '0001_x.sql': '-- outside a transaction\ncreate table x (id bigint);' }
  await expect(migrate(url, 'strange', files)).rejects.toThrow(/holds only create index/)
})
