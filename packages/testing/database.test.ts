import postgres from 'postgres'
import { expect, test } from 'vitest'
import { testDatabase } from './index.ts'

let prepared = 0
const prepare = async (url: string) => {
  prepared += 1
  const sql = postgres(url, { max: 1 })
  await sql`create table shelf (book text)`
  await sql`insert into shelf values ('one')`
  await sql.end()
}

test('databases of one name are prepared once and do not see each other', async () => {
  const [first, second] = await Promise.all([
    testDatabase('shelf', prepare),
    testDatabase('shelf', prepare),
  ])
  const one = postgres(first.url, { max: 1 })
  const two = postgres(second.url, { max: 1 })
  await one`delete from shelf`
  expect(await two`select book from shelf`).toEqual([{ book: 'one' }])
  expect(prepared).toBe(1)
  await Promise.all([one.end(), two.end()])
})

test('a preparation that fails leaves nothing for the next one to trip over', async () => {
  let fail = true
  const flaky = async (url: string) => {
    if (fail) throw new Error('not yet')
    await prepare(url)
  }
  await expect(testDatabase('flaky', flaky)).rejects.toThrow('not yet')
  fail = false
  const { url } = await testDatabase('flaky', flaky)
  const sql = postgres(url, { max: 1 })
  expect(await sql`select count(*)::int as books from shelf`).toEqual([{ books: 1 }])
  await sql.end()
})

test('a dropped database is gone, whoever is still connected', async () => {
  const database = await testDatabase('shelf', prepare)
  const sql = postgres(database.url, { max: 1 })
  await sql`select 1`
  await database.drop()
  await expect(sql`select 1`).rejects.toThrow()
  await sql.end()
})
