import type { Fault } from '@colonnade/testing/fault-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, openTrial, type Trial } from './fixture/trial.ts'

const budget = 300

let trial: Trial

beforeEach(async () => {
  trial = await openTrial()
})
afterEach(() => trial.close())

test('a page is its fragments in order, with their assets and the shell around them', async () => {
  const response = await trial.get('/learn/known')
  const html = await response.text()
  expect(response.status).toBe(200)
  expect(html.indexOf('courses is here')).toBeLessThan(html.indexOf('reviews is here'))
  expect(html).toContain('<title>From courses · Test</title>')
  expect(html).toContain('href="/assets/reviews/reviews-1.css"')
  expect(html).toContain('<link rel="canonical" href="https://learn.example/learn/known"')
  expect(html).toContain('hreflang="es" href="https://learn.example/es/learn/known"')
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
    await trial.parts.reviews.fault.set(fault)
    const started = performance.now()
    const response = await trial.get('/learn/known')
    const html = await response.text()
    const took = performance.now() - started
    expect(response.status).toBe(200)
    expect(html).toContain('courses is here')
    expect(html).toContain('Reviews are away for now')
    expect(response.headers.get('cache-control')).toBe('no-store')
    // The promise itself, not a speed: the largest budget plus 100 ms, and what a busy machine adds.
    expect(took).toBeLessThan(budget + 100 + 1500)
    await trial.parts.reviews.fault.set('pass')
    await eventually(async () =>
      expect(await (await trial.get('/learn/known')).text()).toContain('reviews is here'),
    )
  })

  test('warm, after a write and a restart: the last good copy stands', async () => {
    await (await trial.get('/learn/known')).text()
    await trial.parts.reviews.fault.set(fault)
    await trial.tell('reviews:1')
    expect(await (await trial.get('/learn/known')).text()).toContain('reviews is here')
    await trial.restartProxy()
    const html = await (await trial.get('/learn/known')).text()
    expect(html).toContain('reviews is here')
    expect(html).not.toContain('away for now')
  })
})

test('everything away: a known course is 200 with its title, also after a restart', async () => {
  await eventually(async () => expect((await trial.get('/learn/other')).status).toBe(200))
  await new Promise((resolve) => setTimeout(resolve, 400))
  await trial.parts.courses.fault.set('refuse')
  await trial.parts.reviews.fault.set('refuse')
  await trial.restartProxy()
  const response = await trial.get('/learn/known')
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('<title>A known course · Test</title>')
})

test('an unknown slug is 404 when courses answers, and 503 when it does not', async () => {
  expect((await trial.get('/learn/nothing')).status).toBe(404)
  await trial.parts.courses.fault.set('refuse')
  const away = await trial.get('/learn/nobody')
  expect(away.status).toBe(503)
  expect(away.headers.get('retry-after')).toBe('2')
})

test('a renamed slug moves for good', async () => {
  const response = await trial.get('/es/learn/renamed')
  expect(response.status).toBe(301)
  expect(response.headers.get('location')).toBe('/es/learn/known')
})

test('a write shows at once, and only what it changed is asked for again', async () => {
  await (await trial.get('/learn/known')).text()
  const { courses, reviews } = trial.parts
  reviews.fixture.shown.text = 'a new review'
  const before = courses.fixture.shown.calls
  expect(await (await trial.get('/learn/known')).text()).not.toContain('a new review')
  await trial.tell('reviews:1')
  expect(await (await trial.get('/learn/known')).text()).toContain('a new review')
  expect(courses.fixture.shown.calls).toBe(before)
})

test('a purge drops last good copies too', async () => {
  await (await trial.get('/learn/known')).text()
  await trial.tell('reviews:1', 'reviews.purged')
  await trial.parts.reviews.fault.set('refuse')
  expect(await (await trial.get('/learn/known')).text()).toContain('Reviews are away for now')
})

test('unknown parameters never reach a cache key', async () => {
  await (await trial.get('/learn/known')).text()
  const calls = trial.parts.reviews.fixture.shown.calls
  for (let i = 0; i < 5; i++) await (await trial.get(`/learn/known?utm_source=${i}`)).text()
  expect(trial.parts.reviews.fixture.shown.calls).toBe(calls)
})

test('a stampede on a cold page asks each service once', async () => {
  await Promise.all(
    Array.from({ length: 200 }, async () => (await trial.get('/learn/known')).text()),
  )
  expect(trial.parts.reviews.fixture.shown.calls).toBe(1)
})
