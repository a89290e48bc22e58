import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { Flights } from './flights.ts'
import { TaggedCache } from './tagged-cache.ts'
import { type SharedRead, type SharedTier, TieredCache } from './tiered-cache.ts'

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
    expect(cache.get('b')?.freshUntil).toBeGreaterThan(performance.now())
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

  test.each([2, -2])('a clock set by %i days neither keeps nor ends freshness', (days) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    try {
      const cache = make()
      cache.set('a', { text: 'a' }, { tags: [], maxAgeMs: 1000, begun: cache.begin() })
      vi.setSystemTime(Date.now() + days * 86_400_000)
      cache.get('a')
      vi.advanceTimersByTime(1001)
      cache.get('a')
      expect(cache.stats).toMatchObject({ hits: 1, stale: 1 })
    } finally {
      vi.useRealTimers()
    }
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

test('it counts what was found fresh, stale and not at all', () => {
  const cache = make()
  cache.set('a', { text: 'a' }, { tags: ['x'], maxAgeMs: 60_000, begun: cache.begin() })
  cache.get('a')
  cache.get('b')
  cache.invalidate(['x'])
  cache.get('a')
  expect(cache.stats).toEqual({ hits: 1, stale: 1, misses: 1, entries: 1, bytes: 1 + 300 + 130 })
})

const tagNames = ['x', 'y', 'z']
const tag = fc.constantFrom(...tagNames)
const tags = fc.uniqueArray(tag, { minLength: 1 })
const key = fc.constantFrom('k', 'l')

test('however making and writing interleave, nothing begun before a write is given as fresh', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('begin' as const), key }),
    fc.record({ kind: fc.constant('set' as const), key, tags }),
    fc.record({ kind: fc.constant('write' as const), tags }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new TaggedCache<{ seen: Map<string, number> }>({
        maxBytes: 4000,
        weigh: () => 100,
      })
      const now = new Map(tagNames.map((name) => [name, 0]))
      const begun = new Map<string, { at: number; seen: Map<string, number> }>()
      for (const one of steps) {
        const making = one.kind === 'write' ? undefined : begun.get(one.key)
        if (one.kind === 'begin') begun.set(one.key, { at: cache.begin(), seen: new Map(now) })
        else if (one.kind === 'write') {
          for (const name of one.tags) now.set(name, (now.get(name) ?? 0) + 1)
          cache.invalidate(one.tags)
        } else if (making) {
          const options = { tags: one.tags, maxAgeMs: 60_000, begun: making.at }
          cache.set(one.key, { seen: making.seen }, options)
        }
        for (const name of ['k', 'l']) {
          const entry = cache.get(name)
          if (!entry || entry.freshUntil === 0) continue
          // Not by `expect`, which would run a hundred thousand times.
          if (entry.tags.some((shown) => entry.value.seen.get(shown) !== now.get(shown))) {
            throw new Error(`${name} shows what was before a write`)
          }
        }
      }
    }),
    { numRuns: 150 },
  )
})

test('and with a shared tier that is slow, who asks after a write is given nothing from before it', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), key }),
    fc.record({ kind: fc.constant('write' as const), tags }),
    // One of those that wait, whichever, comes to its end.
    fc.record({ kind: fc.constant('finish' as const), which: fc.nat(5) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const waiting: (() => void)[] = []
      const finish = async (which: number) => {
        waiting.splice(which % Math.max(waiting.length, 1), 1)[0]?.()
        await new Promise((resolve) => setImmediate(resolve))
      }
      const later = () => new Promise<void>((resolve) => waiting.push(resolve))
      const tier = slowTier(later)
      const cache = new TieredCache<{ seen: Seen }>({
        maxBytes: 100_000,
        weigh: () => 100,
        shared: { tier, encode: JSON.stringify, decode: (text) => JSON.parse(text) },
      })
      const now: Seen = { x: 0, y: 0, z: 0 }
      const ask = async (name: string) => {
        const before = { ...now }
        const kept = cache.get(name)
        if (kept && kept.freshUntil > 0 && isOlder(kept.value.seen, now)) {
          throw new Error(`${name} is kept as fresh, and is not`)
        }
        const { value } = await cache.obtain(name, async () => {
          const seen = { ...now }
          await later()
          return { value: { seen }, tags: tagNames, maxAgeMs: 60_000, keep: true }
        })
        if (isOlder(value.seen, before)) throw new Error(`${name} is from before it was asked for`)
      }
      const asked: Promise<void>[] = []
      for (const one of steps) {
        if (one.kind === 'ask') asked.push(ask(one.key))
        else if (one.kind === 'finish') await finish(one.which)
        else {
          for (const name of one.tags) now[name] = (now[name] ?? 0) + 1
          tier.invalidate(one.tags)
          cache.invalidate(one.tags)
        }
      }
      const all = Promise.all(asked)
      all.catch(() => {})
      while (waiting.length > 0) await finish(0)
      await all
    }),
    { numRuns: 150 },
  )
})

type Seen = Record<string, number>
const isOlder = (one: Seen, other: Seen) =>
  tagNames.some((name) => (one[name] ?? 0) < (other[name] ?? 0))

/** A tier whose answers come when they like, while what it is told takes effect in order. */
function slowTier(later: () => Promise<void>): SharedTier & { invalidate(tags: string[]): void } {
  const kept = new Map<string, { text: string; tags: readonly string[]; begun: number }>()
  const ended = new Map<string, number>()
  let clock = 0
  const isSound = ({ tags: shown, begun }: { tags: readonly string[]; begun: number }) =>
    shown.every((name) => (ended.get(name) ?? 0) <= begun)
  return {
    async read(name) {
      const ticket = String(clock)
      const entry = kept.get(name)
      const read: SharedRead =
        entry && isSound(entry) ? { ticket, entry: { ...entry, maxAgeMs: 60_000 } } : { ticket }
      await later()
      return read
    },
    write(name, { ticket, text, tags: shown }) {
      const entry = { text, tags: shown, begun: Number(ticket) }
      if (isSound(entry)) kept.set(name, entry)
    },
    invalidate(names) {
      clock++
      for (const name of names) ended.set(name, clock)
    },
  }
}
