import { describe, expect, test } from 'vitest'
import { Flights } from './flights.ts'
import { TaggedCache } from './tagged-cache.ts'

const make = (maxBytes = 1_000_000) =>
  new TaggedCache<{ text: string }>({ maxBytes, weigh: (value) => value.text.length })

describe('TaggedCache', () => {
  test('an invalidated tag ends freshness of exactly its entries, and keeps their values', () => {
    const cache = make()
    const begun = cache.begin()
    cache.set('a', { text: 'a' }, { tags: ['course:1'], maxAgeMs: 60_000, begun })
    cache.set('b', { text: 'b' }, { tags: ['course:2'], maxAgeMs: 60_000, begun })
    expect(cache.invalidate(['course:1'])).toEqual(['a'])
    expect(cache.get('a')).toMatchObject({ value: { text: 'a' }, freshUntil: 0 })
    expect(cache.get('b')?.freshUntil).toBeGreaterThan(Date.now())
  })

  test('what was begun before an invalidation is not stored as fresh', () => {
    const cache = make()
    const begun = cache.begin()
    cache.invalidate(['course:1'])
    expect(cache.set('a', { text: 'old' }, { tags: ['course:1'], maxAgeMs: 60_000, begun })).toBe(
      false,
    )
    expect(cache.get('a')?.freshUntil).toBe(0)
    const later = cache.begin()
    expect(
      cache.set('a', { text: 'new' }, { tags: ['course:1'], maxAgeMs: 60_000, begun: later }),
    ).toBe(true)
    expect(cache.invalidate(['course:1'])).toEqual(['a'])
  })

  test('forgotten invalidations make everything begun before them untrusted', () => {
    const cache = make()
    const begun = cache.begin()
    cache.invalidate(['course:1'])
    for (let i = 0; i < 50_001; i++) cache.invalidate([`other:${i}`])
    expect(cache.set('a', { text: 'old' }, { tags: ['course:1'], maxAgeMs: 60_000, begun })).toBe(
      false,
    )
  })

  test('it stays within its bytes, and evicted entries leave no tags behind', () => {
    const cache = make(10_000)
    for (let i = 0; i < 100; i++) {
      cache.set(
        `k${i}`,
        { text: 'x'.repeat(800) },
        { tags: ['t'], maxAgeMs: 1000, begun: cache.begin() },
      )
    }
    expect(cache.stats.bytes).toBeLessThanOrEqual(10_000)
    expect(cache.invalidate(['t']).length).toBe(cache.stats.entries)
  })

  test('replacing an entry replaces its tags', () => {
    const cache = make()
    cache.set('a', { text: '1' }, { tags: ['x', 'y'], maxAgeMs: 1000, begun: cache.begin() })
    cache.set('a', { text: '2' }, { tags: ['y'], maxAgeMs: 1000, begun: cache.begin() })
    expect(cache.invalidate(['x'])).toEqual([])
    expect(cache.invalidate(['y'])).toEqual(['a'])
  })
})

test('a stampede of 10,000 makes a thing once', async () => {
  const flights = new Flights<number>()
  let made = 0
  const make = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return ++made
  }
  const all = await Promise.all(Array.from({ length: 10_000 }, () => flights.join('page', make)))
  expect(made).toBe(1)
  expect(new Set(all)).toEqual(new Set([1]))
  expect(await flights.join('page', make)).toBe(2)
})
