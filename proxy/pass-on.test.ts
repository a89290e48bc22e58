import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { cacheHeaders, remoteBackend } from '@colonnade/http'
import { afterEach, expect, test } from 'vitest'
import { isWhole, passOn } from './pass-on.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('It does not listen.')
  return `http://127.0.0.1:${address.port}`
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** A door that passes everything on to a service that answers by `listener`. */
async function passing(listener: RequestListener) {
  const { pass, close } = remoteBackend([await serve(listener)], { 'Colonnade-Service': 'tested' })
  const changed: string[][] = []
  const url = await serve(async (req, res) => {
    const rawBody = await bodyOf(req)
    if (rawBody.length > 0) Object.assign(req, { rawBody })
    expect(isWhole(req)).toBe(true)
    await passOn(req, res, {
      pass,
      requestId: 'request-1',
      patient: false,
      more: ['RateLimit', '"reads";r=9;t=1'],
      changed: (tags) => void changed.push([...tags]),
      onAway: () => res.writeHead(503).end(),
    })
  })
  open.push(close)
  return { url, changed }
}

test('a write arrives as it was sent, and its answer without what is said to the proxy alone', async () => {
  let seen: { headers: IncomingMessage['headers']; body: string; url?: string } | undefined
  const { url, changed } = await passing(async (req, res) => {
    seen = { headers: req.headers, body: String(await bodyOf(req)), url: req.url ?? '' }
    res.writeHead(201, {
      'Content-Type': 'application/json',
      ETag: '"1"',
      [cacheHeaders.tags]: 'instructor:1',
      [cacheHeaders.changed]: 'instructor:1, teachers-of:2',
      'Set-Cookie': ['a=1', 'b=2'],
    })
    res.end('{"id":1}')
  })
  const answer = await fetch(`${url}/api/instructors?x=%20y`, {
    method: 'POST',
    headers: { Authorization: 'Bearer t', TE: 'trailers', 'Proxy-Authorization': 'no' },
    body: '{"firstName":"Ada"}',
  })
  expect(answer.status).toBe(201)
  expect(await answer.text()).toBe('{"id":1}')
  expect(changed).toEqual([['instructor:1', 'teachers-of:2']])
  expect(answer.headers.get(cacheHeaders.tags)).toBeNull()
  expect(answer.headers.get(cacheHeaders.changed)).toBeNull()
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    etag: '"1"',
    'x-request-id': 'request-1',
    'x-content-type-options': 'nosniff',
    ratelimit: '"reads";r=9;t=1',
  })
  expect(seen).toMatchObject({
    url: '/api/instructors?x=%20y',
    body: '{"firstName":"Ada"}',
    headers: {
      authorization: 'Bearer t',
      'x-request-id': 'request-1',
      'colonnade-service': 'tested',
    },
  })
  expect(seen?.headers['proxy-authorization']).toBeUndefined()
  expect(seen?.headers.te).toBeUndefined()
})

test('answers of any kind come whole: none, of known length, in pieces', async () => {
  const large = 'x'.repeat(300_000)
  const { url } = await passing((req, res) => {
    if (req.url === '/none') res.writeHead(304, { ETag: '"2"' }).end()
    else if (req.url === '/known') res.setHeader('Content-Length', '5').end('known')
    else {
      res.write(large.slice(0, 1000))
      setTimeout(() => res.end(large.slice(1000)), 20)
    }
  })
  expect((await fetch(`${url}/none`)).status).toBe(304)
  expect(await (await fetch(`${url}/known`)).text()).toBe('known')
  const head = await fetch(`${url}/known`, { method: 'HEAD' })
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['5', ''])
  expect(await (await fetch(`${url}/pieces`)).text()).toBe(large)
})

test('a service that is away is told so; one that breaks off in its answer breaks it off', async () => {
  const { url } = await passing((req, res) => {
    if (req.url === '/gone') res.destroy()
    else {
      res.write('half')
      setTimeout(() => res.destroy(), 20)
    }
  })
  expect((await fetch(`${url}/gone`, { method: 'POST', body: 'x' })).status).toBe(503)
  await expect(fetch(`${url}/half`).then((answer) => answer.text())).rejects.toThrow()
})

test('what is sent in pieces is not passed on as a whole', async () => {
  let whole: boolean | undefined
  const url = await serve((req, res) => {
    whole = isWhole(req)
    req.resume()
    res.end()
  })
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('piece'))
      controller.close()
    },
  })
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
  await fetch(url, init)
  expect(whole).toBe(false)
})
