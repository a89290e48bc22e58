import { redisServer } from '@colonnade/testing/redis-server'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, openTrial, type Trial } from './fixture/trial.ts'

const server = await redisServer()
afterAll(() => server?.close())

const keys = async () => Number(await server?.command('DBSIZE'))

describe.skipIf(!server)('proxies that share a Redis (needs redis-server)', () => {
  let trial: Trial
  let another: Awaited<ReturnType<Trial['openAnother']>>
  const page = async (get: Trial['get'] = trial.get) => {
    const response = await get('/learn/known')
    expect(response.status).toBe(200)
    const html = await response.text()
    expect(html).toContain('</html>')
    expect(html).not.toContain('away for now')
    return html
  }

  beforeEach(async () => {
    await server?.command('FLUSHALL')
    trial = await openTrial({ redis: server?.url ?? '' })
    another = await trial.openAnother()
    await eventually(async () =>
      expect([trial.stats().redis?.up, another.stats().redis?.up]).toEqual([true, true]),
    )
  })
  afterEach(async () => {
    await another.close()
    await trial.close()
  })

  test('what one has asked for, the other need not', async () => {
    await page()
    await (await trial.get('/api/reviews/1')).text()
    // Written behind the answers: the clock, and two entries with the sets of their tags' entries.
    await eventually(async () => expect(await keys()).toBe(6))
    await page(another.get)
    await (await another.get('/api/reviews/1')).text()
    expect(trial.parts.reviews.fixture.shown).toMatchObject({ calls: 1, reads: 1 })
    expect(another.stats().redis).toMatchObject({ hits: 3, errors: 0 })
  })

  test('a write through one shows on the other by Redis alone', async () => {
    await page()
    await page(another.get)
    await (await trial.get('/api/reviews/1', { method: 'PUT', body: 'written' })).text()
    expect(await page()).toContain('written')
    // No relay reaches the other one: what it hears, it hears by Redis.
    await eventually(async () => {
      expect(await page(another.get)).toContain('written')
      expect(await (await another.get('/api/reviews/1')).json()).toMatchObject({ text: 'written' })
    })
  })

  test('an event that reaches one ends what both keep, and a purge removes it from Redis', async () => {
    await page()
    await page(another.get)
    const { shown } = trial.parts.reviews.fixture
    shown.text = 'told'
    await trial.tell('reviews:1')
    await eventually(async () => expect(await page(another.get)).toContain('told'))
    await page()
    await trial.tell('courses:1', 'course.purged')
    await trial.tell('reviews:1', 'reviews.purged')
    // What is left is the clock of invalidations.
    await eventually(async () => expect(await keys()).toBe(1))
    await trial.parts.reviews.fault.set('refuse')
    const away = async (get: Trial['get']) => (await get('/learn/known')).text()
    await eventually(async () => expect(await away(another.get)).toContain('away for now'))
    expect(await away(trial.get)).toContain('away for now')
  })

  test.each([
    ['killed', async () => server?.kill(), async () => server?.start()],
    ['frozen', async () => server?.freeze(), async () => server?.thaw()],
    ['flushed', async () => server?.command('FLUSHALL'), async () => {}],
    [
      'full',
      async () => server?.command('CONFIG', 'SET', 'maxmemory', '1'),
      async () => server?.command('CONFIG', 'SET', 'maxmemory', '0'),
    ],
  ])('a Redis that is %s amid the load costs no page', async (_, hurt, heal) => {
    const { shown } = trial.parts.reviews.fixture
    await page()
    await page(another.get)
    try {
      const loads = Array.from({ length: 50 }, (__, i) => i)
      for (const i of loads) {
        if (i === 10) await hurt()
        shown.text = `state ${i}`
        await trial.tell('reviews:1')
        const both = await Promise.all([page(), page(another.get)])
        // The one that was told shows it, whatever Redis does.
        expect(both[0]).toContain(`state ${i}`)
        expect((await trial.get('/api/reviews/1')).status).toBe(200)
      }
    } finally {
      await heal()
    }
    await eventually(async () => {
      shown.text = 'after all'
      await trial.tell('reviews:1')
      expect(await page(another.get)).toContain('after all')
    })
  })
})

test('a Redis that was never there costs no page', async () => {
  const trial = await openTrial({ redis: 'redis://127.0.0.1:1' })
  const html = await (await trial.get('/learn/known')).text()
  expect(html).toContain('reviews is here')
  await trial.close()
})
