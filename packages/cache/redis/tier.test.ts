import { redisServer } from '@colonnade/testing/redis-server'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { TieredCache } from '../tiered-cache.ts'
import { entry, textOf, ticketOf, tiersOn, until } from './fixture.ts'
import type { RedisTier } from './tier.ts'

const server = await redisServer()
const tiers = tiersOn(server?.url)
const { open } = tiers
afterEach(tiers.close)
afterAll(() => server?.close())

describe.skipIf(!server)('Redis as a shared tier (needs redis-server)', () => {
  test('what one process keeps another reads, with its tags and the time it has left', async () => {
    const [one, other] = [await open(), await open()]
    one.write('shared', entry(await ticketOf(one, 'shared'), 'naïve 🌱', 'a:1', 'b:2'))
    await until(async () => (await textOf(other, 'shared')) !== undefined)
    const read = await other.read('shared')
    expect(read?.entry).toMatchObject({ text: 'naïve 🌱', tags: ['a:1', 'b:2'] })
    expect(read?.entry?.maxAgeMs).toBeLessThanOrEqual(60_000)
    expect(read?.entry?.maxAgeMs).toBeGreaterThan(30_000)
  })

  test('another build and another installation see nothing of it', async () => {
    const one = await open()
    one.write('apart', entry(await ticketOf(one, 'apart'), 'text', 'a:1'))
    await until(async () => (await textOf(one, 'apart')) === 'text')
    expect(await textOf(await open({ build: 'two' }), 'apart')).toBeUndefined()
    expect(await textOf(await open({ secret: 'another' }), 'apart')).toBeUndefined()
  })

  test('an invalidation ends it for all, removes it, and is heard by the others alone', async () => {
    const [one, other] = [await open(), await open()]
    const heard: string[] = []
    one.listen((message) => heard.push(`one ${message}`))
    other.listen((message) => heard.push(`other ${message}`))
    one.write('ended', entry(await ticketOf(one, 'ended'), 'text', 'ended:1'))
    await until(async () => (await textOf(other, 'ended')) === 'text')
    const before = Number(await server?.command('DBSIZE'))
    one.invalidate(['ended:1'], 'it changed')
    expect(await textOf(one, 'ended')).toBeUndefined()
    expect(await textOf(other, 'ended')).toBeUndefined()
    // The entry, and the set of its tag's entries.
    expect(Number(await server?.command('DBSIZE'))).toBe(before - 2)
    await until(() => heard.length > 0)
    expect(heard).toEqual(['other it changed'])
  })

  test('what was begun before an invalidation is refused, however late it comes', async () => {
    const [one, slow] = [await open(), await open()]
    const ticket = await ticketOf(slow, 'late')
    one.invalidate(['late:1'])
    await ticketOf(one, 'late')
    slow.write('late', entry(ticket, 'from before', 'other:1', 'late:1'))
    expect(await textOf(slow, 'late')).toBeUndefined()
    slow.write('late', entry(await ticketOf(slow, 'late'), 'from after', 'late:1'))
    expect(await textOf(one, 'late').then(async () => textOf(slow, 'late'))).toBe('from after')
  })

  test('a flush forgets invalidations, so what was begun before it is refused too', async () => {
    const tier = await open()
    const ticket = await ticketOf(tier, 'flushed')
    tier.invalidate(['flushed:1'])
    await ticketOf(tier, 'flushed')
    await server?.command('FLUSHALL')
    tier.write('flushed', entry(ticket, 'from before', 'flushed:1'))
    expect(await textOf(tier, 'flushed')).toBeUndefined()
    const later = await ticketOf(tier, 'flushed')
    tier.write('flushed', entry(later, 'from after', 'flushed:1'))
    expect(await textOf(tier, 'flushed')).toBe('from after')
  })

  test('of more tags than it can remember, what was begun before the forgotten is refused', async () => {
    const tier = await open()
    const ticket = await ticketOf(tier, 'many')
    tier.invalidate(['many:1'])
    for (let i = 0; i < 13; i++) {
      tier.invalidate(Array.from({ length: 4500 }, (_, place) => `filler:${i}-${place}`))
      await until(async () => (await tier.read('many')) !== undefined)
    }
    tier.write('many', entry(ticket, 'from before', 'many:1'))
    expect(await textOf(tier, 'many')).toBeUndefined()
    const later = await ticketOf(tier, 'many')
    tier.write('many', entry(later, 'from after', 'many:1'))
    expect(await textOf(tier, 'many')).toBe('from after')
  })

  test('however two processes interleave, neither gives what was begun before an invalidation', async () => {
    const two = [await open(), await open()]
    const process = fc.nat(1)
    const key = fc.constantFrom('k', 'l')
    const tag = fc.constantFrom('x', 'y', 'z')
    const step = fc.oneof(
      fc.record({ kind: fc.constant('begin' as const), process, key }),
      fc.record({
        kind: fc.constant('finish' as const),
        process,
        key,
        tags: fc.uniqueArray(tag, { minLength: 1 }),
      }),
      fc.record({ kind: fc.constant('change' as const), process, tag }),
      fc.record({ kind: fc.constant('flush' as const) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        run++
        const name = (one: string) => `${one}${run}`
        const versions: Record<string, number> = { x: 0, y: 0, z: 0 }
        const begun = new Map<string, { ticket: string; versions: Record<string, number> }>()
        for (const one of steps) {
          if (one.kind === 'flush') await server?.command('FLUSHALL')
          else {
            const tier = two[one.process]
            if (!tier) throw new Error('there are two')
            if (one.kind === 'change') {
              versions[one.tag] = (versions[one.tag] ?? 0) + 1
              tier.invalidate([name(one.tag)])
              // Read on the same connection: the invalidation is in force for everyone.
              await tier.read(name('k'))
            } else if (one.kind === 'begin') {
              const read = await tier.read(name(one.key))
              if (read)
                begun.set(`${one.process}${one.key}`, {
                  ticket: read.ticket,
                  versions: { ...versions },
                })
            } else {
              const making = begun.get(`${one.process}${one.key}`)
              if (making) {
                tier.write(
                  name(one.key),
                  entry(
                    making.ticket,
                    JSON.stringify({ seen: making.versions, tags: one.tags }),
                    ...one.tags.map(name),
                  ),
                )
              }
            }
          }
          for (const tier of two) {
            for (const read of ['k', 'l']) {
              const text = await textOf(tier, name(read))
              if (text === undefined) continue
              const { seen, tags }: { seen: Record<string, number>; tags: string[] } =
                JSON.parse(text)
              for (const shown of tags) expect(seen[shown]).toBe(versions[shown])
            }
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a tiered cache takes from it what another has made, and gives what it makes', async () => {
    const cacheOn = (tier: RedisTier) =>
      new TieredCache<{ text: string }>({
        maxBytes: 1_000_000,
        weigh: ({ text }) => text.length,
        shared: { tier, encode: ({ text }) => text, decode: (text) => ({ text }) },
      })
    const [first, second] = [await open(), await open()]
    const [one, other] = [cacheOn(first), cacheOn(second)]
    let made = 0
    const make = async () => {
      made++
      return { value: { text: `made ${made}` }, tags: ['tiered:1'], maxAgeMs: 60_000, keep: true }
    }
    await one.obtain('tiered', make)
    await until(async () => (await textOf(second, 'tiered')) !== undefined)
    expect((await other.obtain('tiered', make)).value.text).toBe('made 1')
    expect(other.get('tiered')?.freshUntil).toBeGreaterThan(performance.now())
    other.invalidate(['tiered:1'])
    second.invalidate(['tiered:1'])
    expect((await other.obtain('tiered', make)).value.text).toBe('made 2')
    expect(made).toBe(2)
  })
})
