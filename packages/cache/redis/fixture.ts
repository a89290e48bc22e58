import type { SharedEntry } from '../tiered-cache.ts'
import { RedisTier } from './tier.ts'

/** Tiers on one Redis, for tests: each is what one process has of it. */
export function tiersOn(url: string | undefined) {
  const opened: RedisTier[] = []
  return {
    async open(options: { secret?: string; build?: string } = {}): Promise<RedisTier> {
      const fixed = { secret: 'a secret', build: 'one', onAway: () => {} }
      const tier = new RedisTier({ url: url ?? '', ...fixed, ...options })
      opened.push(tier)
      await until(() => tier.stats.up)
      return tier
    },
    close: () => Promise.all(opened.splice(0).map((tier) => tier.close())),
  }
}

/** Waits until it holds, for ten seconds at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 500) throw new Error('it never came to hold')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function ticketOf(tier: RedisTier, key: string): Promise<string> {
  const read = await tier.read(key)
  if (!read) throw new Error('Redis did not answer')
  return read.ticket
}

export async function textOf(tier: RedisTier, key: string): Promise<string | undefined> {
  return (await tier.read(key))?.entry?.text
}

export const entry = (
  ticket: string,
  text: string,
  ...tags: string[]
): SharedEntry & { ticket: string } => ({ ticket, text, tags, maxAgeMs: 60_000 })
