import { testDatabase } from '@colonnade/testing'
import { expect, test } from 'vitest'
import { connectTo } from './index.ts'

test('a connection goes on after a COPY whose last rows and end came at once', async () => {
  const { url, drop } = await testDatabase('copy', async () => {})
  const sql = connectTo(url)
  try {
    // Beyond what a stream holds before it asks the socket to wait, and small enough to come in one piece.
    for (const bytes of [1_000, 20_000, 40_000, 60_000, 1_000_000]) {
      const rows = await sql`
        copy (select repeat('x', 999) from generate_series(1, ${sql.unsafe(String(bytes / 1000))})) to stdout`.readable()
      let found = 0
      for await (const chunk of rows) found += chunk.length
      expect(found).toBe(bytes)
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    }
  } finally {
    await sql.end({ timeout: 1 })
    await drop()
  }
}, 10_000)
