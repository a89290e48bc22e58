import { testDatabase } from '@colonnade/testing'
import { faultProxy } from '@colonnade/testing/fault-proxy'
import { faultServer } from '@colonnade/testing/fault-server'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { MendingPool } from './mending-pool.ts'

test('a pool whose connections fell silent fails what waits, and is made anew for whoever holds it', async () => {
  const { url } = await testDatabase()
  const { host } = new URL(url)
  const cut = await faultServer('pass', host)
  const through = new URL(url)
  through.host = `127.0.0.1:${cut.port}`
  let made = 0
  const pool = new MendingPool(() => {
    made++
    return postgres(through.href, { max: 1, connect_timeout: 1 })
  }, 500)
  const { sql } = pool
  try {
    const ask = async () => (await sql<{ one: number }[]>`select 1 as one`)[0]?.one
    expect(await ask()).toBe(1)
    await cut.set('hang')
    await expect(ask()).rejects.toThrow()
    expect(made).toBe(2)
    await cut.set('pass')
    await expect.poll(() => ask().catch(() => 0), { timeout: 10_000 }).toBe(1)
    expect(await sql.begin((tx) => tx`select 2 as two`)).toMatchObject([{ two: 2 }])
  } finally {
    await pool.close()
    await cut.close()
  }
}, 20_000)

test('one connection that died in silence is ended while the others are well', async () => {
  const { url } = await testDatabase()
  const cut = await faultProxy(new URL(url).host)
  const through = new URL(url)
  through.host = `127.0.0.1:${cut.port}`
  const pool = new MendingPool(
    ({ socket }) => postgres(through.href, { max: 2, ...{ socket } }),
    500,
  )
  try {
    await pool.sql`select 1`
    cut.strand()
    const [stranded, well] = await Promise.allSettled([
      pool.sql`select 'stranded'`,
      pool.sql`select 1 as one`,
    ])
    expect(stranded).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_CLOSED' } })
    expect(well).toMatchObject({ status: 'fulfilled', value: [{ one: 1 }] })
  } finally {
    cut.drop()
    await pool.close()
    await cut.close()
  }
}, 20_000)
