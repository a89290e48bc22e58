import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { runClosed } from './closed-load.ts'
import { Histogram } from './histogram.ts'
import type { Address } from './http/connection.ts'
import { runOpen } from './open-load.ts'

async function listening(server: Server | TcpServer): Promise<Address> {
  server.listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return { host: '127.0.0.1', port: address.port }
}

const serve = (listener: RequestListener) => listening(createServer(listener))
const get = { method: 'GET' as const, path: '/' }

test('a stall is charged to every arrival it kept waiting', async () => {
  const stallMs = 600
  let asked = 0
  let stalledUntil = 0
  const address = await serve((_, res) => {
    if (++asked === 50) stalledUntil = Date.now() + stallMs
    setTimeout(() => res.end('ok'), Math.max(0, stalledUntil - Date.now()))
  })
  // On one connection only one request meets the stall; a generator that waits for it would see 1 of 200.
  const plan = { request: get, address, expect: 200, rate: 200, seconds: 1, connections: 1 }
  const result = await runOpen(plan)
  const latency = Histogram.from(result.latency)
  expect(result).toMatchObject({ planned: 200, answered: 200 })
  expect(latency.count).toBe(200)
  expect(latency.percentile(99)).toBeGreaterThan((stallMs - 50) * 1000)
  // A hundred and twenty arrivals fell into it: the quarter hit worst waited for half of it and more.
  expect(latency.percentile(75)).toBeGreaterThan((stallMs / 2 - 50) * 1000)
})

test('another status than expected is dropped', async () => {
  let asked = 0
  const address = await serve((_, res) => {
    res.statusCode = ++asked % 4 === 0 ? 503 : 200
    res.end('body')
  })
  const result = await runOpen({ request: get, address, expect: 200, rate: 200, seconds: 0.2 })
  expect(result).toMatchObject({ planned: 40, answered: 30, errors: ['status 503'] })
  expect(result.dropped).toEqual({ late: 0, status: 10, shed: 0, failed: 0, unsent: 0 })
  // What was dropped stands in the percentiles as the worst, not as if it had never been.
  expect(Histogram.from(result.latency).percentile(99)).toBeGreaterThanOrEqual(10_000_000)
})

test('no answer within the limit is dropped, and what waited for the connection too', async () => {
  const address = await serve(() => {})
  const plan = { request: get, address, expect: 200, rate: 100, seconds: 0.1 }
  const { answered, dropped } = await runOpen({ ...plan, limitMs: 200, connections: 2 })
  expect(answered).toBe(0)
  expect(dropped.late).toBeGreaterThanOrEqual(2)
  expect(dropped.late + dropped.unsent).toBe(10)
})

test('refused and broken connections are dropped', async () => {
  const { port, host } = await listening(
    createTcpServer((socket) => socket.end('not HTTP at all\r\n\r\n')),
  )
  const plan = { request: get, expect: 200, rate: 100, seconds: 0.1 }
  const broken = await runOpen({ ...plan, address: { host, port } })
  expect(broken.dropped.failed).toBe(10)
  const refused = await runOpen({ ...plan, address: { host, port: 1 } })
  expect(refused.dropped.failed).toBe(10)
})

test('connections are kept, and made again when the server closes them', async () => {
  const ports = new Set<number | undefined>()
  let asked = 0
  const address = await serve((req, res) => {
    ports.add(req.socket.remotePort)
    if (++asked % 10 === 0) res.setHeader('Connection', 'close')
    res.end()
  })
  const plan = { request: get, address, expect: 200, rate: 200, seconds: 0.25, connections: 1 }
  expect(await runOpen(plan)).toMatchObject({ answered: 50, connections: 5 })
  expect(ports.size).toBe(5)
})

test('each write is another one', async () => {
  const bodies = new Set<string>()
  const address = await serve(async (req, res) => {
    let body = ''
    for await (const part of req) body += part
    bodies.add(`${req.method} ${req.headers.authorization} ${body}`)
    res.writeHead(201).end()
  })
  const request = {
    method: 'POST' as const,
    path: '/things',
    headers: { Authorization: 'Bearer x' },
    body: '{"name":"é {count}"}',
  }
  expect(await runOpen({ request, address, expect: 201, rate: 100, seconds: 0.1 })).toMatchObject({
    answered: 10,
  })
  expect(bodies).toContain('POST Bearer x {"name":"é 9"}')
  expect(bodies.size).toBe(10)
})

test('random paths stay in their range, and all of it is asked for', async () => {
  const paths = new Set<string | undefined>()
  const address = await serve((req, res) => {
    paths.add(req.url)
    res.end()
  })
  const request = { ...get, path: '/{random}', range: { from: 3, to: 6 } }
  await runOpen({ request, address, expect: 200, rate: 400, seconds: 0.25 })
  expect([...paths].sort()).toEqual(['/3', '/4', '/5', '/6'])
})

test('as fast as it goes: counts what was answered as expected', async () => {
  let asked = 0
  const address = await serve((_, res) => {
    res.statusCode = ++asked % 2 === 0 ? 200 : 404
    res.end('four')
  })
  const plan = { request: get, address, expect: 200, connections: 4, warmUp: 0.05, seconds: 0.3 }
  const result = await runClosed(plan)
  expect(result.answered).toBeGreaterThan(0)
  expect(Math.abs(result.answered - result.failed)).toBeLessThanOrEqual(4)
  expect(result.bytes).toBe(result.answered * 4)
  expect(result.rate).toBeCloseTo(result.answered / 0.3)
  expect(result.errors).toEqual(['status 404'])
})

test('what was shed is told apart from other failures', async () => {
  let asked = 0
  const address = await serve((_, res) => {
    asked++
    if (asked % 4 === 0) res.writeHead(503, { 'Retry-After': '1' }).end('busy')
    else if (asked % 4 === 1) res.writeHead(503).end('broken')
    else res.end('ok')
  })
  const result = await runOpen({ request: get, address, expect: 200, rate: 200, seconds: 0.2 })
  expect(result.dropped).toEqual({ late: 0, status: 10, shed: 10, failed: 0, unsent: 0 })
  expect(result.lastDroppedMs).toBeCloseTo(195)
  expect(Histogram.from(result.accepted).count).toBe(20)
  expect(Histogram.from(result.accepted).max).toBeLessThan(10_000_000)
})

test('a careless client sends what was shed again at once, and that is counted', async () => {
  const seen = new Map<string, number>()
  const address = await serve((req, res) => {
    const key = req.headers['x-number']
    const times = (seen.get(String(key)) ?? 0) + 1
    seen.set(String(key), times)
    // One in ten never gets through.
    if (times < 3 || key === '5') res.writeHead(503, { 'Retry-After': '1' })
    res.end()
  })
  const request = { ...get, headers: { 'X-Number': '{count}' } }
  const plan = { request, address, expect: 200, rate: 100, seconds: 0.1, retries: 3 }
  const result = await runOpen(plan)
  expect(result).toMatchObject({ planned: 10, answered: 9, sent: 9 * 3 + 4 })
  expect(result.dropped.shed).toBe(1)
})

test('what was accepted took as long as its own sending, whatever was shed before', async () => {
  const seen = new Set<unknown>()
  const address = await serve((req, res) => {
    const key = req.headers['x-number']
    if (seen.has(key)) res.end()
    else setTimeout(() => res.writeHead(503, { 'Retry-After': '1' }).end(), 1000)
    seen.add(key)
  })
  const request = { ...get, headers: { 'X-Number': '{count}' } }
  const plan = { request, address, expect: 200, rate: 100, seconds: 0.1, retries: 1 }
  const result = await runOpen(plan)
  expect(Histogram.from(result.accepted).max).toBeLessThan(1_000_000)
  expect(Histogram.from(result.latency).percentile(1)).toBeGreaterThan(1_000_000)
})

test('whoever finds no free connection goes away, when nothing is to wait', async () => {
  const address = await serve((_, res) => setTimeout(() => res.end(), 300))
  const plan = { request: get, address, expect: 200, rate: 100, seconds: 0.2, connections: 2 }
  const result = await runOpen({ ...plan, impatient: true })
  expect(result).toMatchObject({ planned: 20, answered: 2, sent: 2, answeredMeanwhile: 0 })
  expect(result.dropped.unsent).toBe(18)
  expect(Histogram.from(result.accepted).count).toBe(2)
})

/** Answers the first request of each connection, and closes when the second comes, without a word. */
const oneEach = () =>
  listening(
    createTcpServer((socket) => {
      let asked = 0
      socket.on('error', () => {})
      socket.on('data', () => {
        if (++asked === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
        else socket.destroy()
      })
    }),
  )

test('what a closed connection swallowed is sent once more, where that does nothing twice', async () => {
  const address = await oneEach()
  const plan = { address, expect: 200, rate: 100, seconds: 0.2, connections: 1 }
  const reads = await runOpen({ ...plan, request: get })
  expect(reads).toMatchObject({ answered: 20, sent: 20 + reads.resent })
  expect(reads.resent).toBeGreaterThan(0)
  const post = { method: 'POST' as const, path: '/', body: '{count}' }
  const writes = await runOpen({ ...plan, request: post })
  expect(writes.resent).toBe(0)
  expect(writes.dropped.failed).toBeGreaterThan(0)
  const keyed = { ...post, headers: { 'Idempotency-Key': 'key-{count}' } }
  expect(await runOpen({ ...plan, request: keyed })).toMatchObject({ answered: 20 })
  const closed = await runClosed({
    ...{ request: get, address, expect: 200, connections: 1, warmUp: 0, seconds: 0.2 },
  })
  expect(closed.failed).toBe(0)
  expect(closed.resent).toBeGreaterThan(0)
})

test('several requests come in turn', async () => {
  const asked: string[] = []
  const address = await serve((req, res) => {
    asked.push(`${req.method} ${req.url}`)
    res.writeHead(req.method === 'POST' ? 201 : 200).end()
  })
  const post = { method: 'POST' as const, path: '/b', body: '{}' }
  const pages = { ...get, path: '/{random}', choices: ['a'] }
  const plan = { address, expect: 'success' as const, connections: 1, warmUp: 0, seconds: 0.2 }
  const result = await runClosed({ ...plan, request: [pages, pages, post] })
  expect(result.failed).toBe(0)
  expect(asked.slice(0, 4)).toEqual(['GET /a', 'GET /a', 'POST /b', 'GET /a'])
  const { connections, expect: expected } = plan
  const open = { request: [pages, pages, post], address, expect: expected, connections }
  const { answeredOf } = await runOpen({ ...open, rate: 100, seconds: 0.1 })
  expect(answeredOf).toEqual([4, 3, 3])
})
