import { testDatabase } from '@colonnade/testing'
import { faultServer } from '@colonnade/testing/fault-server'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { MendingPool } from './mending-pool.ts'

test('a pool whose connections fell silent fails what waits, and is made anew', async () => {
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
  try {
    const ask = async () => (await pool.sql<{ one: number }[]>`select 1 as one`)[0]?.one
    expect(await ask()).toBe(1)
    await cut.set('hang')
    await expect(ask()).rejects.toThrow()
    expect(made).toBe(2)
    await cut.set('pass')
    await expect.poll(() => ask().catch(() => 0), { timeout: 10_000 }).toBe(1)
  } finally {
    await pool.close()
    await cut.close()
  }
}, 20_000)

test('a transaction under way in a pool that is given up fails too, whatever it waits for', async () => {
  const { url } = await testDatabase()
  const cut = await faultServer('pass', new URL(url).host)
  const through = new URL(url)
  through.host = `127.0.0.1:${cut.port}`
  const pool = new MendingPool(
    ({ socket }) => postgres(through.href, { max: 1, ...{ socket } }),
    500,
  )
  try {
    const write = pool.sql.begin(async (tx) => {
      await tx`select 1`
      await cut.set('hang')
      // New to this connection, so that it is full until the server has described it.
      await tx`select ${'never seen before'}::text as word`
    })
    await expect(write).rejects.toThrow()
    await cut.set('pass')
    await expect
      .poll(() => pool.sql`select 1 as one`.catch(() => []), { timeout: 10_000 })
      .toEqual([{ one: 1 }])
  } finally {
    await cut.set('refuse')
    await pool.close()
    await cut.close()
  }
}, 20_000)
