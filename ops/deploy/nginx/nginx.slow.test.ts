import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { root } from '../../root.ts'
import { type Child, eventually } from '../../testing/colonnade.ts'
import { lendHosts } from '../../testing/hosts/lend-hosts.ts'
import { Nginx } from '../../testing/hosts/nginx.ts'
import { Trial } from '../../testing/trial.ts'

const { hosts, allowed } = lendHosts(new Trial(), { services: 2 })
const missing = Nginx.missing()
const fixture = (name: string) => join(root, 'ops/deploy/nginx', `${name}.fixture.cjs`)

const answers = z.array(
  z.object({
    status: z.number(),
    body: z.string(),
    headers: z.record(z.string(), z.any()).optional(),
  }),
)
const echo = z.object({
  port: z.string(),
  method: z.string(),
  forwarded: z.string().optional(),
  encoding: z.string().optional(),
})

let nginx: Nginx
const upstreams: Child[] = []

type Plan = {
  urls: string[]
  method?: string
  headers?: Record<string, string>
  atOnce?: boolean
  seconds?: number
}

/** Asks from the client's host. Paths become addresses of the proxy's host. */
async function ask(plan: Plan, at = hosts().proxy.v4) {
  const urls = plan.urls.map((path) => `https://${at}${path}`)
  const asking = hosts().client.start([process.execPath, fixture('asker')], {
    input: JSON.stringify({ ...plan, urls, ca: nginx.certificate() }),
  })
  expect(await asking.ended, asking.output()).toBe(0)
  return answers.parse(JSON.parse(asking.output()))
}

async function serve(port: number, host = hosts().proxy, address = '127.0.0.1'): Promise<Child> {
  const upstream = host.start([process.execPath, fixture('upstream'), String(port), address])
  await eventually(async () => expect(upstream.output()).toContain('listening'))
  return upstream
}

/** How often upstreams were asked for a path, told past nginx. */
function asked(path: string): number {
  const script = [3000, 3002].map(
    (port) => `curl -s http://127.0.0.1:${port}/asked || echo {}; echo`,
  )
  const counts = hosts().proxy.sh(script.join('\n')).trim().split('\n')
  return counts.reduce((sum, text) => sum + Number(JSON.parse(text)[path] ?? 0), 0)
}

beforeAll(async () => {
  if (!allowed() || missing) return
  for (const port of [3000, 3002]) upstreams.push(await serve(port))
  nginx = new Nginx(hosts().proxy)
  nginx.proxy('learn.test', ['127.0.0.1:3000', '127.0.0.1:3002'])
  await nginx.start()
})

beforeEach(({ skip }) => skip(missing !== undefined, missing))

test('plain HTTP leads to TLS, and nobody is told which nginx this is', async () => {
  const { client, proxy } = hosts()
  const head = client.run(['curl', '-sI', `http://${proxy.v4}/learn/x?y=1`])
  expect(head).toMatch(/^HTTP\/1\.1 308[\s\S]*Location: https:\/\/learn\.test\/learn\/x\?y=1\r/)
  expect(head).toMatch(/Server: nginx\r/)
  const { status, headers } = (await ask({ urls: ['/page'] }))[0] ?? {}
  expect([status, headers?.server, headers?.['strict-transport-security']]).toEqual([
    200,
    'nginx',
    'max-age=31536000',
  ])
  expect(client.run(['curl', '-skI', '--http2', `https://${proxy.v4}/page`])).toMatch(
    /^HTTP\/2 200/,
  )
})

test('the client’s address is told, IPv4 and IPv6, and none that the client made up', async () => {
  const { client, proxy } = hosts()
  const headers = { 'X-Forwarded-For': '6.6.6.6' }
  for (const [at, from] of [
    [proxy.v4, client.v4],
    [`[${proxy.v6}]`, client.v6],
  ]) {
    const [answer] = await ask({ urls: ['/api/who'], headers }, at)
    expect(echo.parse(JSON.parse(answer?.body ?? '')).forwarded).toBe(from)
  }
})

test('a page is asked for once a second, whoever asks', async () => {
  const before = asked('/page')
  const encodings = ['br, gzip', 'gzip, br', 'gzip;q=1.0', 'identity']
  const began = performance.now()
  for (const encoding of encodings) {
    const headers = { 'Accept-Encoding': encoding }
    const pages = await ask({ urls: Array.from({ length: 100 }, () => '/page'), headers })
    expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200))
  }
  const seconds = (performance.now() - began) / 1000
  expect(asked('/page') - before).toBeLessThanOrEqual(3 * Math.ceil(seconds + 1))
  const [page] = await ask({ urls: ['/page'], headers: { 'Accept-Encoding': 'x, br' } })
  expect(echo.parse(JSON.parse(page?.body ?? '')).encoding).toBe('br')
  const [known] = await ask({ urls: ['/page'], headers: { 'If-None-Match': '"a"' } })
  expect(known?.status).toBe(304)
})

test('what many ask for at once is made once', async () => {
  const before = asked('/slow')
  const all = await ask({ urls: Array.from({ length: 50 }, () => '/slow'), atOnce: true })
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
  expect(asked('/slow') - before).toBeLessThanOrEqual(2)
})

test.each([
  ['/private', {}],
  ['/no-store', {}],
  ['/silent', {}],
  ['/language', {}],
  ['/away', {}],
  ['/api/page', {}],
  ['/page', { Authorization: 'Bearer x' }],
  ['/page', { Cookie: 'who=me' }],
])('%s with %o is never kept', async (path, headers) => {
  const before = asked(path)
  await ask({ urls: Array.from({ length: 5 }, () => path), headers })
  expect(asked(path) - before).toBe(5)
})

test('nothing that services say to each other passes', async () => {
  const [answer] = await ask({ urls: ['/internal/events'], method: 'POST' })
  expect([answer?.status, asked('/internal/events')]).toEqual([404, 0])
})

test('it is read anew under load: no request is lost', async () => {
  const asking = ask({
    urls: Array.from({ length: 8 }, () => '/api/load'),
    atOnce: true,
    seconds: 3,
  })
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    nginx.reload()
  }
  const all = await asking
  expect(all.length).toBeGreaterThan(500)
  expect(all.filter(({ status }) => status !== 200)).toEqual([])
})

test('a proxy that dies is left out, also under a write with a key, and taken back', async () => {
  const headers = { 'Idempotency-Key': crypto.randomUUID() }
  // One of the two dies as it reads it.
  const urls = ['/api/dies', '/api/dies']
  const deadly = await ask({ urls, method: 'POST', headers })
  expect(deadly.map(({ status }) => status)).toEqual([200, 200])
  expect(upstreams[0]?.alive()).toBe(false)
  const reads = await ask({ urls: Array.from({ length: 100 }, () => '/api/read') })
  const writes = await ask({
    urls: Array.from({ length: 100 }, () => '/api/write'),
    method: 'POST',
    headers,
  })
  const seen = [...reads, ...writes].map(({ status, body }) => [status, JSON.parse(body).port])
  expect(seen).toEqual(seen.map(() => [200, '3002']))
  await serve(3000)
  await eventually(async () => {
    const again = await ask({ urls: Array.from({ length: 10 }, () => '/api/back') })
    expect(again.map(({ body }) => JSON.parse(body).port)).toContain('3000')
  })
}, 60_000)

test('services’ replicas are balanced for the proxy’s host alone', async () => {
  const { proxy, services, client } = hosts()
  for (const service of services) await serve(3001, service, '0.0.0.0')
  nginx.services(services.map(({ v4 }) => `${v4}:3001`))
  nginx.reload()
  const ports = await eventually(async () => {
    const asking = Array.from({ length: 20 }, () => 'curl -sf http://127.0.0.1:3101/x; echo')
    return proxy.sh(asking.join('\n')).trim().split('\n')
  })
  expect(ports).toHaveLength(20)
  expect(() => client.run(['curl', '-sm1', `http://${proxy.v4}:3101/x`])).toThrow('Command failed')
})
