import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, openTrial, type Trial } from './fixture/trial.ts'

let trial: Trial

beforeEach(async () => {
  trial = await openTrial()
})
afterEach(() => trial.close())

test('If-None-Match is answered 304, per encoding; HEAD has no body', async () => {
  const first = await trial.get('/learn/known', { headers: { 'Accept-Encoding': 'br' } })
  await first.text()
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/-br"$/)
  const again = await trial.get('/learn/known', {
    headers: { 'Accept-Encoding': 'br', 'If-None-Match': etag },
  })
  expect(again.status).toBe(304)
  const other = await trial.get('/learn/known', {
    headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etag },
  })
  expect(other.status).toBe(200)
  const head = await trial.get('/learn/known', { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
})

test('a request for the API goes to its owner, body and all; one that is away is 503', async () => {
  const created = await trial.get('/api/courses', { method: 'POST', body: 'x'.repeat(100_000) })
  expect(created.status).toBe(201)
  expect(((await created.json()) as { got: string }).got).toHaveLength(100_000)
  await trial.parts.reviews.fault.set('refuse')
  const away = await trial.get('/api/reviews')
  expect(away.status).toBe(503)
  expect(away.headers.get('content-type')).toBe('application/problem+json')
  expect(away.headers.get('retry-after')).toBe('1')
})

test('one fragment is had by its own address, and outlives its service too', async () => {
  const first = await trial.get('/fragments/reviews/part?course=1&lang=en')
  expect(first.status).toBe(200)
  expect(first.headers.get('colonnade-fragment')).toBe('reviews/part')
  expect(await first.text()).toContain('reviews is here')
  await trial.parts.reviews.fault.set('refuse')
  await trial.tell('reviews:1')
  const again = await trial.get('/fragments/reviews/part?course=1&lang=en')
  expect(await again.text()).toContain('reviews is here')
  expect((await trial.get('/fragments/reviews/part?course=2&lang=en')).status).toBe(503)
  expect((await trial.get('/fragments/reviews/nothing')).status).toBe(404)
  expect((await trial.get('/fragments/nobody/part')).status).toBe(404)
})

test('what is internal is not routed from outside', async () => {
  expect((await trial.get('/internal/routes?after=0&limit=10')).status).toBe(404)
  const forged = await trial.get('/internal/events', { method: 'POST', body: '{"events":[]}' })
  expect(forged.status).toBe(401)
})

test.each([
  '/assets/../package.json',
  '/assets/reviews/..%2f..%2fpackage.json',
  '/assets/reviews/%2e%2e/secrets.json',
  '/assets/reviews/missing.css',
])('no path leads out of the assets: %s', async (path) => {
  expect((await trial.get(path)).status).toBe(404)
})

test('the service of the page’s language; Accept-Language counts only at /', async () => {
  expect(await (await trial.get('/es/learn/known')).text()).toContain('<html lang="es">')
  const page = await trial.get('/learn/known', { headers: { 'Accept-Language': 'es' } })
  expect(await page.text()).toContain('<html lang="en">')
})

test('the sitemap names every course in every language', async () => {
  await eventually(async () => {
    const xml = await (await trial.get('/sitemap.xml')).text()
    for (const path of ['/learn/known', '/es/learn/known', '/es/learn/other']) {
      expect(xml).toContain(`<loc>https://learn.example${path}</loc>`)
    }
  })
})

test('metrics need the token', async () => {
  expect((await trial.get('/metrics')).status).toBe(401)
  const metrics = await trial.get('/metrics', { headers: { Authorization: 'Bearer the operator' } })
  expect(await metrics.text()).toContain('colonnade_requests_total')
})
