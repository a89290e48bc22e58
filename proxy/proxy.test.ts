import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createTrust,
  type HttpServer,
  listen,
  type RemoteBackend,
  remoteBackend,
} from '@colonnade/http'
import { type Fault, type FaultServer, faultServer } from '@colonnade/testing/fault-server'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Fixture, fixtureCourses, fixtureService, serveFixture } from './fixture/services.ts'
import { createProxy, type Proxy } from './proxy.ts'

const secret = 'a secret for tests'
const trust = createTrust(secret)
const budget = 300

type Part = { fixture: Fixture; server: HttpServer; fault: FaultServer; backend: RemoteBackend }

let folder: string
let parts: Record<'courses' | 'reviews', Part>
let proxy: Proxy
let door: HttpServer

async function openPart(fixture: Fixture): Promise<Part> {
  const server = await serveFixture(fixture)
  const fault = await faultServer('pass', `127.0.0.1:${server.port}`)
  return { fixture, server, fault, backend: remoteBackend([fault.url]) }
}

async function openProxy(): Promise<void> {
  proxy = createProxy({
    services: [parts.courses.fixture.definition, parts.reviews.fixture.definition],
    backend: (name) => (name === 'courses' ? parts.courses.backend : parts.reviews.backend),
    local: () => undefined,
    trust,
    operatorToken: 'the operator',
    site: {
      url: 'https://learn.example',
      name: 'Test',
      legal: [],
      styles: [],
      scripts: [],
      fonts: [],
    },
    data: folder,
    built: join(folder, 'none'),
    log: pino({ level: 'silent' }),
  })
  door = await listen({ port: 0, host: '127.0.0.1', fetch: proxy.fetch, shortcut: proxy.shortcut })
}

async function restartProxy(): Promise<void> {
  await door.close(0)
  await proxy.close()
  await openProxy()
}

const get = (path: string, init?: RequestInit) =>
  fetch(door.url + path, { redirect: 'manual', ...init })

async function tell(subject: string, type = 'reviews.changed'): Promise<void> {
  const event = {
    id: crypto.randomUUID(),
    type,
    version: 1,
    subject,
    subjectVersion: 1,
    occurredAt: new Date().toISOString(),
    data: {},
  }
  const response = await proxy.fetch(
    new Request('http://inside/internal/events', {
      method: 'POST',
      headers: { Authorization: await trust.header(), 'Content-Type': 'application/json' },
      body: JSON.stringify({ events: [event] }),
    }),
  )
  expect(await response.json()).toEqual({ failed: [] })
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await check()
      return
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonnade-proxy-'))
  parts = {
    courses: await openPart(fixtureCourses(trust)),
    reviews: await openPart(fixtureService('reviews', 20)),
  }
  await openProxy()
})

afterEach(async () => {
  await door.close(0)
  await proxy.close()
  for (const part of Object.values(parts)) {
    await part.backend.close()
    await part.fault.close()
    await part.server.close(0)
  }
  await rm(folder, { recursive: true, force: true })
})

test('a page is its fragments in order, with their assets and the shell around them', async () => {
  const response = await get('/learn/known')
  const html = await response.text()
  expect(response.status).toBe(200)
  expect(html.indexOf('courses is here')).toBeLessThan(html.indexOf('reviews is here'))
  expect(html).toContain('<title>From courses · Test</title>')
  expect(html).toContain('href="/assets/reviews/reviews-1.css"')
  expect(html).toContain('<link rel="canonical" href="https://learn.example/learn/known"')
  expect(html).toContain('hrefLang="es" href="https://learn.example/es/learn/known"')
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
})

describe.each<Fault>([
  'refuse',
  'hang',
  'half',
  'cut',
  'error',
  'garbage',
  'huge',
  'endless',
  'slow',
])('a service that is broken: %s', (fault) => {
  test('cold: the page stands with a placeholder, is not kept, and heals by itself', async () => {
    await parts.reviews.fault.set(fault)
    const started = performance.now()
    const response = await get('/learn/known')
    const html = await response.text()
    const took = performance.now() - started
    expect(response.status).toBe(200)
    expect(html).toContain('courses is here')
    expect(html).toContain('Reviews are away for now')
    expect(response.headers.get('cache-control')).toBe('no-store')
    // The promise itself, not a speed: the largest budget plus 100 ms, and what a busy machine adds.
    expect(took).toBeLessThan(budget + 100 + 1500)
    await parts.reviews.fault.set('pass')
    await eventually(async () =>
      expect(await (await get('/learn/known')).text()).toContain('reviews is here'),
    )
  })

  test('warm, after a write and a restart: the last good copy stands', async () => {
    await (await get('/learn/known')).text()
    await parts.reviews.fault.set(fault)
    await tell('reviews:1')
    expect(await (await get('/learn/known')).text()).toContain('reviews is here')
    await restartProxy()
    const html = await (await get('/learn/known')).text()
    expect(html).toContain('reviews is here')
    expect(html).not.toContain('away for now')
  })
})

test('everything away: a known course is 200 with its title, also after a restart', async () => {
  await eventually(async () => expect((await get('/learn/other')).status).toBe(200))
  await new Promise((resolve) => setTimeout(resolve, 400))
  await parts.courses.fault.set('refuse')
  await parts.reviews.fault.set('refuse')
  await restartProxy()
  const response = await get('/learn/known')
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('<title>A known course · Test</title>')
})

test('an unknown slug is 404 when courses answers, and 503 when it does not', async () => {
  expect((await get('/learn/nothing')).status).toBe(404)
  await parts.courses.fault.set('refuse')
  const away = await get('/learn/nobody')
  expect(away.status).toBe(503)
  expect(away.headers.get('retry-after')).toBe('2')
})

test('a renamed slug moves for good', async () => {
  const response = await get('/es/learn/renamed')
  expect(response.status).toBe(301)
  expect(response.headers.get('location')).toBe('/es/learn/known')
})

test('a write shows at once, and only what it changed is asked for again', async () => {
  await (await get('/learn/known')).text()
  const { courses, reviews } = parts
  reviews.fixture.shown.text = 'a new review'
  const before = courses.fixture.shown.calls
  expect(await (await get('/learn/known')).text()).not.toContain('a new review')
  await tell('reviews:1')
  expect(await (await get('/learn/known')).text()).toContain('a new review')
  expect(courses.fixture.shown.calls).toBe(before)
})

test('a purge drops last good copies too', async () => {
  await (await get('/learn/known')).text()
  await tell('reviews:1', 'reviews.purged')
  await parts.reviews.fault.set('refuse')
  expect(await (await get('/learn/known')).text()).toContain('Reviews are away for now')
})

test('unknown parameters never reach a cache key', async () => {
  await (await get('/learn/known')).text()
  const calls = parts.reviews.fixture.shown.calls
  for (let i = 0; i < 5; i++) await (await get(`/learn/known?utm_source=${i}`)).text()
  expect(parts.reviews.fixture.shown.calls).toBe(calls)
})

test('a stampede on a cold page asks each service once', async () => {
  await Promise.all(Array.from({ length: 200 }, async () => (await get('/learn/known')).text()))
  expect(parts.reviews.fixture.shown.calls).toBe(1)
})

test('If-None-Match is answered 304, per encoding; HEAD has no body', async () => {
  const first = await get('/learn/known', { headers: { 'Accept-Encoding': 'br' } })
  await first.text()
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/-br"$/)
  const again = await get('/learn/known', {
    headers: { 'Accept-Encoding': 'br', 'If-None-Match': etag },
  })
  expect(again.status).toBe(304)
  const other = await get('/learn/known', {
    headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etag },
  })
  expect(other.status).toBe(200)
  const head = await get('/learn/known', { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
})

test('a request for the API goes to its owner, body and all; one that is away is 503', async () => {
  const created = await get('/api/courses', { method: 'POST', body: 'x'.repeat(100_000) })
  expect(created.status).toBe(201)
  expect(((await created.json()) as { got: string }).got).toHaveLength(100_000)
  await parts.reviews.fault.set('refuse')
  const away = await get('/api/reviews')
  expect(away.status).toBe(503)
  expect(away.headers.get('content-type')).toBe('application/problem+json')
  expect(away.headers.get('retry-after')).toBe('1')
})

test('one fragment is had by its own address, and outlives its service too', async () => {
  const first = await get('/fragments/reviews/part?course=1&lang=en')
  expect(first.status).toBe(200)
  expect(first.headers.get('colonnade-fragment')).toBe('reviews/part')
  expect(await first.text()).toContain('reviews is here')
  await parts.reviews.fault.set('refuse')
  await tell('reviews:1')
  const again = await get('/fragments/reviews/part?course=1&lang=en')
  expect(await again.text()).toContain('reviews is here')
  expect((await get('/fragments/reviews/part?course=2&lang=en')).status).toBe(503)
  expect((await get('/fragments/reviews/nothing')).status).toBe(404)
  expect((await get('/fragments/nobody/part')).status).toBe(404)
})

test('what is internal is not routed from outside', async () => {
  expect((await get('/internal/routes?after=0&limit=10')).status).toBe(404)
  const forged = await get('/internal/events', { method: 'POST', body: '{"events":[]}' })
  expect(forged.status).toBe(401)
})

test.each([
  '/assets/../package.json',
  '/assets/reviews/..%2f..%2fpackage.json',
  '/assets/reviews/%2e%2e/secrets.json',
  '/assets/reviews/missing.css',
])('no path leads out of the assets: %s', async (path) => {
  expect((await get(path)).status).toBe(404)
})

test('the service of the page’s language; Accept-Language counts only at /', async () => {
  expect(await (await get('/es/learn/known')).text()).toContain('<html lang="es">')
  const page = await get('/learn/known', { headers: { 'Accept-Language': 'es' } })
  expect(await page.text()).toContain('<html lang="en">')
})

test('the sitemap names every course in every language', async () => {
  await eventually(async () => {
    const xml = await (await get('/sitemap.xml')).text()
    for (const path of ['/learn/known', '/es/learn/known', '/es/learn/other']) {
      expect(xml).toContain(`<loc>https://learn.example${path}</loc>`)
    }
  })
})

test('metrics need the token', async () => {
  expect((await get('/metrics')).status).toBe(401)
  const metrics = await get('/metrics', { headers: { Authorization: 'Bearer the operator' } })
  expect(await metrics.text()).toContain('colonnade_requests_total')
})
