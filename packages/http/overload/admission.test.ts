import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HttpServer, listen } from '../server.ts'
import { Admission } from './admission.ts'
import { clientAddresses } from './client-address.ts'
import { type RateLimits, rateLimits } from './rate-limit.ts'
import { Refusals } from './refusals.ts'

const operatorToken = 'the operator of this test'
let server: HttpServer
let admission: Admission
let release: () => void
let working = 0

/** A server whose every answer under /work waits until the test lets it go. */
async function open(rates?: RateLimits, refusals?: Refusals): Promise<void> {
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  admission = new Admission(rates, refusals)
  server = await listen({
    port: 0,
    host: '127.0.0.1',
    admission,
    workOf: ({ url = '', method }) =>
      url.startsWith('/healthz')
        ? undefined
        : { queue: 'test', priority: method === 'POST' ? 'write' : 'read' },
    refused: (req, res) => {
      if (req.url !== '/work/kept') return false
      res.end('as it was')
      return true
    },
    async fetch(one) {
      const { pathname } = new URL(one.url)
      if (pathname === '/secret') return new Response(null, { status: 401 })
      if (!pathname.startsWith('/work')) return new Response('done')
      working++
      await held
      return new Response(await one.text())
    },
  })
}

beforeEach(() => {
  working = 0
})
afterEach(async () => {
  release()
  admission.close()
  await server.close(0)
})

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 500) throw new Error('it never came to that')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Takes every place there is. */
async function fillPlaces(): Promise<Promise<Response>[]> {
  const places = 64
  const all = Array.from({ length: places }, () => fetch(`${server.url}/work`))
  await until(() => working === places)
  return all
}

test('what cannot be done in time is refused with 503 and Retry-After; health never is', async () => {
  await open()
  const inside = await fillPlaces()
  const [late, kept] = await Promise.all([
    fetch(`${server.url}/work/late`),
    fetch(`${server.url}/work/kept`),
  ])
  expect(late.status).toBe(503)
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(late.headers.get('content-type')).toBe('application/problem+json')
  expect(await kept.text()).toBe('as it was')
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  expect(admission.stats.shed.read.late).toBe(2)
  release()
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual(inside.map(() => 200))
  expect((await fetch(`${server.url}/any`)).status).toBe(200)
  expect(admission.stats.queues.test).toMatchObject({ inflight: 0, waiting: 0 })
})

test('a busy process keeps refusals waiting, and says them when it has time', async () => {
  await open(undefined, new Refusals())
  const inside = await fillPlaces()
  const late = Array.from({ length: 300 }, () => fetch(`${server.url}/work`))
  await until(() => admission.stats.queues.test?.waiting === late.length)
  let busy = true
  const work = () => {
    const end = performance.now() + 5
    while (performance.now() < end);
    if (busy) setImmediate(work)
  }
  work()
  await until(() => admission.stats.shed.read.late === late.length)
  expect(admission.stats.refusalsWaiting).toBeGreaterThan(100)
  busy = false
  const answers = await Promise.all(late)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(admission.stats.refusalsWaiting).toBe(0)
  release()
  await Promise.all(inside)
})

test('what waits has its turn when a place is free; whoever leaves gives up theirs', async () => {
  await open()
  const inside = await fillPlaces()
  const abort = new AbortController()
  const left = fetch(`${server.url}/work`, { signal: abort.signal }).catch(() => 'left')
  const patient = fetch(`${server.url}/work`)
  await until(() => admission.stats.queues.test?.waiting === 2)
  abort.abort()
  expect(await left).toBe('left')
  await until(() => admission.stats.queues.test?.waiting === 1)
  release()
  expect((await patient).status).toBe(200)
  await Promise.all(inside)
  await until(() => admission.stats.queues.test?.inflight === 0)
  expect(working).toBe(65)
})

test('a client that sends its body slowly holds no place', async () => {
  await open()
  const slow = request(`${server.url}/work`, { method: 'POST', headers: { 'Content-Length': 10 } })
  slow.on('error', () => {})
  slow.write('half ')
  await fetch(`${server.url}/any`)
  expect(admission.stats.queues.test?.inflight).toBe(0)
  const answer = new Promise<number | undefined>((resolve) => {
    slow.on('response', (response) => resolve(response.resume().statusCode))
  })
  slow.end('whole')
  release()
  expect(await answer).toBe(200)
})

test('a body is read whole whether its length is told or not', async () => {
  await open()
  release()
  const body = 'ä'.repeat(5000)
  const told = await fetch(`${server.url}/work`, { method: 'POST', body })
  expect(await told.text()).toBe(body)
  const chunked = await new Promise<string>((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    let text = ''
    socket.on('data', (part) => {
      text += part
      if (text.endsWith('half')) socket.end()
    })
    socket.on('close', () => resolve(text))
    socket.write('POST /work HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    socket.write('4\r\nhalf\r\n0\r\n\r\n')
  })
  expect(chunked).toMatch(/200 OK[\s\S]*half$/)
})

const limitsOf = (reads: number, attempts: number) =>
  rateLimits({
    reads: { requests: reads, seconds: 60 },
    attempts: { requests: attempts, seconds: 60 },
    addressOf: clientAddresses(['127.0.0.1']),
    operatorToken,
  })
const from = (address: string, more = {}) => ({ headers: { 'X-Forwarded-For': address, ...more } })

test('an address has its quota, told in headers, and 429 beyond it; others have theirs', async () => {
  await open(limitsOf(2, 10))
  const first = await fetch(`${server.url}/any`, from('192.0.2.1'))
  expect(first.headers.get('ratelimit-policy')).toBe('"reads";q=2;w=60')
  expect(first.headers.get('ratelimit')).toBe('"reads";r=1;t=30')
  await fetch(`${server.url}/any`, from('192.0.2.1'))
  const third = await fetch(`${server.url}/any`, from('192.0.2.1'))
  expect(third.status).toBe(429)
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await third.json()).toMatchObject({ status: 429, title: 'Too many requests' })
  expect((await fetch(`${server.url}/any`, from('192.0.2.2'))).status).toBe(200)
  expect((await fetch(`${server.url}/healthz`, from('192.0.2.1'))).status).toBe(200)
})

test('the operator is never limited, nor told of limits', async () => {
  await open(limitsOf(1, 1))
  for (let i = 0; i < 5; i++) {
    const answer = await fetch(
      `${server.url}/any`,
      from('192.0.2.1', { Authorization: `Bearer ${operatorToken}` }),
    )
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null])
  }
})

test('a token has a quota of its own, from however many addresses it comes', async () => {
  await open(limitsOf(2, 10))
  const asked = (i: number) =>
    fetch(`${server.url}/any`, from(`192.0.2.${i}`, { Authorization: 'Bearer of one person' }))
  expect([(await asked(1)).status, (await asked(2)).status, (await asked(3)).status]).toEqual([
    200, 200, 429,
  ])
})

test('wrong tokens are few for each address', async () => {
  await open(limitsOf(100, 2))
  const attempt = async (address: string) =>
    (await fetch(`${server.url}/secret`, from(address, { Authorization: 'Bearer guess' }))).status
  expect(await attempt('192.0.2.1')).toBe(401)
  expect(await attempt('192.0.2.1')).toBe(401)
  expect(await attempt('192.0.2.1')).toBe(429)
  expect(await attempt('192.0.2.2')).toBe(401)
})

test('a network of IPv6 is one caller', async () => {
  await open(limitsOf(1, 10))
  expect((await fetch(`${server.url}/any`, from('2001:db8::1'))).status).toBe(200)
  expect((await fetch(`${server.url}/any`, from('2001:db8:0:0:9::'))).status).toBe(429)
  expect((await fetch(`${server.url}/any`, from('2001:db8:0:1::1'))).status).toBe(200)
})
