import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect, type Socket } from 'node:net'
import postgres from 'postgres'
import { expect, onTestFinished, test } from 'vitest'
import { type FaultProxyOptions, faultProxy } from './fault-proxy.ts'
import { testDatabase } from './index.ts'

const text = 'what the upstream says, byte by byte. '.repeat(100)

async function upstream(answer: RequestListener = (_, response) => response.end(text)) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

async function between(target: string, options?: FaultProxyOptions) {
  const proxy = await faultProxy(target, options)
  onTestFinished(() => proxy.close())
  return proxy
}

const read = async (url: string) => await (await fetch(url)).text()

/** Whether it is still undecided after a while. */
async function waits(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise((resolve) => setTimeout(() => resolve('later'), 100))
  const settled = promise.then(
    () => 'settled',
    () => 'settled',
  )
  return (await Promise.race([settled, later])) === 'later'
}

test('lets everything pass, both ways', async () => {
  const echo: RequestListener = (asked, answer) => asked.pipe(answer)
  const proxy = await between(await upstream(echo))
  const body = 'x'.repeat(3_000_000)
  expect(await (await fetch(proxy.url, { method: 'POST', body })).text()).toBe(body)
})

test('latency and jitter make everything late, in its order', async () => {
  const proxy = await between(await upstream())
  await proxy.set({ up: { latency: 60 }, down: { latency: 60, jitter: 40 } })
  const began = performance.now()
  expect(await read(proxy.url)).toBe(text)
  expect(performance.now() - began).toBeGreaterThanOrEqual(118)
})

test('a rate lets so many bytes pass in a second', async () => {
  const proxy = await between(await upstream())
  await proxy.set({ down: { rate: 10_000 } })
  const began = performance.now()
  expect(await read(proxy.url)).toBe(text)
  // 3,800 bytes and their headers.
  expect(performance.now() - began).toBeGreaterThanOrEqual(350)
})

test('a reset breaks the connection in place of the first byte', async () => {
  let asked = 0
  const proxy = await between(
    await upstream((_, response) => {
      asked++
      response.end(text)
    }),
  )
  await proxy.set({ down: { reset: 0 } })
  const socket = connect(proxy.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n')
  const [error] = await once(socket, 'error')
  expect(error).toMatchObject({ code: 'ECONNRESET' })
  expect([asked, socket.bytesRead]).toEqual([1, 0])
  await proxy.set({})
  expect(await read(proxy.url)).toBe(text)
})

/** All that comes until the other side ends it. */
async function readAll(socket: Socket): Promise<string> {
  let all = ''
  for await (const part of socket) all += part
  return all
}

test('a truncation ends the connection in order after so many bytes', async () => {
  const proxy = await between(await upstream())
  await proxy.set({ down: { truncate: 300 } })
  const socket = connect(proxy.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n')
  expect((await readAll(socket)).length).toBe(300)
  await expect(read(proxy.url)).rejects.toThrow()
})

test('garbage is the same for the same seed', async () => {
  const target = await upstream()
  const spoiled = async (seed: number) => {
    const proxy = await between(target, { seed })
    await proxy.set({ up: {}, down: { garbage: 0.5 } })
    const socket = connect(proxy.port, '127.0.0.1')
    socket.end('GET / HTTP/1.0\r\n\r\n')
    // The date is another one.
    return (await readAll(socket.setEncoding('latin1'))).slice(-1000)
  }
  const once = await spoiled(7)
  expect(once).toHaveLength(1000)
  expect(text).not.toContain(once)
  expect(await spoiled(7)).toBe(once)
  expect(await spoiled(8)).not.toBe(once)
})

test('a black hole takes everything and says nothing; lifted, what it held passes', async () => {
  const proxy = await between(await upstream())
  await proxy.set({ up: { blackHole: true } })
  const answer = read(proxy.url)
  expect(await waits(answer)).toBe(true)
  expect(proxy.connections).toBe(1)
  await proxy.set({})
  expect(await answer).toBe(text)
})

test('refuses, and is back at the same address', async () => {
  const proxy = await between(await upstream())
  const { url } = proxy
  await proxy.set({ refuse: true })
  await expect(fetch(url)).rejects.toThrow()
  await proxy.set({})
  expect(await read(url)).toBe(text)
  expect(proxy.url).toBe(url)
})

test('stands between a client and Postgres: what is stranded stays silent, what is new passes', async () => {
  const { url } = await testDatabase()
  const seen: string[] = []
  const proxy = await between(new URL(url).host, {
    saw: (direction, bytes) => seen.push(`${direction} ${bytes.toString('latin1')}`),
  })
  const through = new URL(url)
  through.port = String(proxy.port)
  const open = () => postgres(through.href, { max: 1, idle_timeout: 1 })
  const [first, second] = [open(), open()]
  onTestFinished(async () => {
    proxy.drop()
    await Promise.all([first.end({ timeout: 0 }), second.end({ timeout: 0 })])
  })
  expect(await first`select 1 as one`).toEqual([{ one: 1 }])
  proxy.strand()
  const stranded = first`select 'left alone'`
  expect(await waits(stranded.execute())).toBe(true)
  expect(await second`select 2 as two`).toEqual([{ two: 2 }])
  expect(seen.some((line) => line.startsWith('up') && line.includes('left alone'))).toBe(true)
})
