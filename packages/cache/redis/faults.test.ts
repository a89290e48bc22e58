import { redisServer } from '@colonnade/testing/redis-server'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { entry, textOf, ticketOf, tiersOn, until } from './fixture.ts'
import { RedisTier } from './tier.ts'

const server = await redisServer()
const tiers = tiersOn(server?.url)
const { open } = tiers
afterEach(tiers.close)
afterAll(() => server?.close())

describe.skipIf(!server)('a Redis in trouble (needs redis-server)', () => {
  test('frozen: it is left alone, nothing throws, and what it missed is told when it thaws', async () => {
    const [one, other] = [await open(), await open()]
    one.write('frozen', entry(await ticketOf(one, 'frozen'), 'old', 'frozen:1'))
    await until(async () => (await textOf(one, 'frozen')) === 'old')
    server?.freeze()
    try {
      for (let i = 0; i < 3; i++) expect(await one.read('frozen')).toBeUndefined()
      expect(one.stats.open).toBe(true)
      const { reads } = one.stats
      expect(await one.read('frozen')).toBeUndefined()
      expect(one.stats.reads).toBe(reads)
      one.invalidate(['frozen:1'])
      expect(one.stats.untold).toBe(1)
    } finally {
      server?.thaw()
    }
    await until(async () => one.stats.untold === 0 && (await one.read('frozen')) !== undefined)
    expect(await textOf(one, 'frozen')).toBeUndefined()
    await until(async () => (await other.read('frozen')) !== undefined)
    expect(await textOf(other, 'frozen')).toBeUndefined()
  })

  test('killed and started again: found again, and what it kept before is never read', async () => {
    const tier = await open()
    tier.write('killed', entry(await ticketOf(tier, 'killed'), 'old', 'killed:1'))
    await until(async () => (await textOf(tier, 'killed')) === 'old')
    await server?.command('SAVE')
    await server?.kill()
    await until(() => !tier.stats.up)
    expect(await tier.read('killed')).toBeUndefined()
    tier.invalidate(['killed:1'])
    await server?.start()
    await until(() => tier.stats.up)
    expect(Number(await server?.command('DBSIZE'))).toBeGreaterThan(0)
    const read = await tier.read('killed')
    expect(read?.ticket).toBeDefined()
    expect(read?.entry).toBeUndefined()
  })

  test('full: nothing new is kept, invalidations still end what was', async () => {
    const tier = await open()
    tier.write('full', entry(await ticketOf(tier, 'full'), 'old', 'full:1'))
    await until(async () => (await textOf(tier, 'full')) === 'old')
    await server?.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    await server?.command('CONFIG', 'SET', 'maxmemory', '1')
    try {
      tier.write('more', entry(await ticketOf(tier, 'full'), 'new', 'full:2'))
      tier.invalidate(['full:1'])
      expect(await textOf(tier, 'full')).toBeUndefined()
    } finally {
      await server?.command('CONFIG', 'SET', 'maxmemory', '0')
    }
    expect(await textOf(tier, 'full')).toBeUndefined()
    expect(await textOf(tier, 'more')).toBeUndefined()
  })

  test('read-only: while an invalidation cannot be told, nothing is read', async () => {
    const tier = await open()
    tier.write('told', entry(await ticketOf(tier, 'told'), 'old', 'told:1'))
    await until(async () => (await textOf(tier, 'told')) === 'old')
    await server?.command('REPLICAOF', '127.0.0.1', '1')
    try {
      tier.invalidate(['told:1'])
      await until(() => tier.stats.untold === 1)
      expect(await tier.read('told')).toBeUndefined()
    } finally {
      await server?.command('REPLICAOF', 'NO', 'ONE')
    }
    await until(async () => tier.stats.untold === 0 && (await tier.read('told')) !== undefined)
    expect(await textOf(tier, 'told')).toBeUndefined()
  })

  test('away from the start: every question is answered at once, with nothing', async () => {
    const away: unknown[] = []
    const tier = new RedisTier({
      url: 'redis://127.0.0.1:1',
      secret: 'a secret',
      build: 'one',
      onAway: (error) => away.push(error),
    })
    expect(await tier.read('away')).toBeUndefined()
    tier.write('away', entry('run 1', 'text', 'away:1'))
    tier.invalidate(['away:1'])
    await until(() => away.length > 0)
    expect(tier.stats).toMatchObject({ up: false, reads: 0, untold: 1 })
    await tier.close()
  })
})
