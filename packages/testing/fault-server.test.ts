import { once } from 'node:events'
import { createServer } from 'node:http'
import postgres from 'postgres'
import { expect, onTestFinished, test } from 'vitest'
import { type Fault, faultServer } from './fault-server.ts'
import { testDatabase } from './index.ts'

async function broken(fault: Fault, upstream?: string) {
  const server = await faultServer(fault, upstream)
  onTestFinished(() => server.close())
  return server
}

test('refuses, and is back at the same address when mended', async () => {
  const upstream = createServer((_, response) => response.end('well')).listen(0, '127.0.0.1')
  onTestFinished(() => {
    upstream.close()
  })
  await once(upstream, 'listening')
  const address = upstream.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const server = await broken('refuse', `127.0.0.1:${port}`)
  await expect(fetch(server.url)).rejects.toThrow()
  await server.set('pass')
  expect(await (await fetch(server.url)).text()).toBe('well')
  expect(server.connections).toBe(1)
})

test('answers 500', async () => {
  const { url } = await broken('error')
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })
  expect(response.status).toBe(500)
})

test('hangs before the headers', async () => {
  const server = await broken('hang')
  const abort = new AbortController()
  const answer = fetch(server.url, { signal: abort.signal })
  await expect.poll(() => server.connections).toBe(1)
  abort.abort()
  await expect(answer).rejects.toThrow('aborted')
})

test.each<Fault>(['half', 'slow'])('%s: headers and some body, but never all', async (fault) => {
  const { url } = await broken(fault)
  const abort = new AbortController()
  const response = await fetch(url, { signal: abort.signal })
  const reader = response.body?.getReader()
  expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
  const rest = (async () => {
    while (!(await reader?.read())?.done) {}
  })()
  abort.abort()
  await expect(rest).rejects.toThrow('aborted')
})

test('cuts the body off', async () => {
  const { url } = await broken('cut')
  const response = await fetch(url)
  await expect(response.text()).rejects.toThrow()
})

test('speaks garbage', async () => {
  const { url } = await broken('garbage')
  await expect(fetch(url)).rejects.toThrow()
})

test('sends a hundred megabytes, all of them', async () => {
  const { url } = await broken('huge')
  let bytes = 0
  for await (const part of (await fetch(url)).body ?? []) bytes += part.length
  expect(bytes).toBe(104_857_600)
})

test('stands between a client and Postgres, and freezes what passes', async () => {
  const { url } = await testDatabase()
  const server = await broken('pass', new URL(url).host)
  const through = new URL(url)
  through.port = String(server.port)
  const sql = postgres(through.href, { max: 1 })
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  await server.set('hang')
  let answered = false
  const stalled = sql`select 2`.then(
    () => {
      answered = true
    },
    () => {},
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(answered).toBe(false)
  await server.set('pass')
  await stalled
  expect(await sql`select 3 as three`).toEqual([{ three: 3 }])
  await sql.end()
})
