import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTrial, type Trial } from './fixture/trial.ts'

let trial: Trial

beforeEach(async () => {
  trial = await openTrial()
})
afterEach(() => trial.close())

const path = '/api/reviews/1'
const put = (text: string) => trial.get(path, { method: 'PUT', body: text })
const shown = () => trial.parts.reviews.fixture.shown

test('an answer with tags is kept whole, and what is said to the proxy alone stays there', async () => {
  const first = await trial.get(path)
  const again = await trial.get(path)
  expect(await again.text()).toBe(await first.text())
  expect(shown().reads).toBe(1)
  for (const response of [first, again]) {
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('etag')).toBe('"1"')
    expect(response.headers.has('cache-tag')).toBe(false)
  }
  expect(first.headers.get('x-request-id')).not.toBe(again.headers.get('x-request-id'))
  const head = await trial.get(path, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe(
    String((await (await trial.get(path)).text()).length),
  )
  expect(await head.text()).toBe('')
})

test('If-None-Match is answered from the cache', async () => {
  await (await trial.get(path)).text()
  const known = await trial.get(path, { headers: { 'If-None-Match': 'W/"1"' } })
  expect(known.status).toBe(304)
  expect(known.headers.get('etag')).toBe('"1"')
  const other = await trial.get(path, { headers: { 'If-None-Match': '"0"' } })
  expect(other.status).toBe(200)
  await other.text()
  expect(shown().reads).toBe(1)
})

test('a writer reads its own write at once, before any event', async () => {
  await (await trial.get(path)).text()
  await (await trial.get('/learn/known')).text()
  const written = await put('written')
  expect(written.headers.has('cache-tag-changed')).toBe(false)
  expect(await (await trial.get(path)).json()).toMatchObject({ text: 'written' })
  expect(await (await trial.get('/learn/known')).text()).toContain('written')
})

test('who reads after a write never joins a reading that began before it', async () => {
  let open = () => {}
  shown().gate = new Promise((resolve) => {
    open = resolve
  })
  const before = trial.get(path)
  while (shown().reads === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await (await put('written')).text()
  const after = trial.get(path)
  await new Promise((resolve) => setTimeout(resolve, 50))
  open()
  expect(await (await before).json()).toMatchObject({ text: 'reviews is here' })
  expect(await (await after).json()).toMatchObject({ text: 'written' })
  // And what was read before is not what is kept.
  expect(await (await trial.get(path)).json()).toMatchObject({ text: 'written', read: 2 })
})

test('an event ends exactly what carries its tag', async () => {
  await (await trial.get(path)).text()
  await (await trial.get('/api/courses/1')).text()
  await trial.tell('reviews:1')
  await (await trial.get(path)).text()
  await (await trial.get('/api/courses/1')).text()
  expect(shown().reads).toBe(2)
  expect(trial.parts.courses.fixture.shown.reads).toBe(1)
})

test('with a token, with a query, or without being found, nothing is kept or read', async () => {
  const operator = { headers: { Authorization: 'Bearer the operator' } }
  for (const [address, init] of [
    [path, operator],
    [`${path}?x=1`, {}],
    ['/api/reviews/none', {}],
  ] as const) {
    const before = shown().reads
    for (let i = 0; i < 2; i++) {
      const response = await trial.get(address, init)
      expect(response.headers.has('cache-tag')).toBe(false)
      await response.text()
    }
    expect(shown().reads).toBe(before + 2)
  }
  await (await trial.get(path)).text()
  const before = shown().reads
  await (await trial.get(path, operator)).text()
  expect(shown().reads).toBe(before + 1)
})

test('a service that is away is 503, but for what is kept', async () => {
  await (await trial.get(path)).text()
  await trial.parts.reviews.fault.set('refuse')
  expect((await trial.get(path)).status).toBe(200)
  const away = await trial.get('/api/reviews/2')
  expect(away.status).toBe(503)
  expect(away.headers.get('retry-after')).toBe('1')
})

test('with caches off everything is asked for anew, and only last good copies stand in', async () => {
  await trial.close()
  trial = await openTrial({ cached: false })
  for (let i = 0; i < 2; i++) {
    await (await trial.get(path)).text()
    await (await trial.get('/learn/known')).text()
  }
  expect(shown()).toMatchObject({ reads: 2, calls: 2 })
  await trial.parts.reviews.fault.set('refuse')
  expect((await trial.get(path)).status).toBe(503)
  expect(await (await trial.get('/learn/known')).text()).toContain('reviews is here')
})
