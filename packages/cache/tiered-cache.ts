import { Flights } from './flights.ts'
import { type CacheStats, type Entry, TaggedCache } from './tagged-cache.ts'

/** What several processes keep together. Nothing of it throws, and nothing takes longer than a small budget. */
export type SharedTier = {
  /** Undefined: it cannot be asked now, and what is made meanwhile is not to be kept there. */
  read(key: string): Promise<SharedRead | undefined>
  /** Keeps behind the answer what was made after `read` gave the ticket. */
  write(key: string, entry: SharedEntry & { ticket: string }): void
}

/** What is kept: text, the tags of what it shows, and for how many milliseconds from now it is fresh. */
export type SharedEntry = { text: string; tags: readonly string[]; maxAgeMs: number }

/** The ticket says when, on the tier's own clock, the making began that follows a miss. */
export type SharedRead = { ticket: string; entry?: SharedEntry }

/** What was made; one that is not to be kept is only for those who asked for it. */
export type Made<T> = { value: T; tags: readonly string[]; maxAgeMs: number; keep: boolean }

export type Given<T> = Made<T> & { freshUntil: number }

type Flown<T> = Given<T> & { begun: number }

/**
 * A tagged cache that gets what it lacks: from the tier that processes share, else by making it, once for all who ask
 * at the same time. Who asks after an invalidation never gets what was begun before it.
 */
export class TieredCache<T extends object> {
  private readonly off: boolean
  private readonly memory: TaggedCache<T>
  private readonly flights = new Flights<Flown<T>>()

  constructor(
    private readonly options: {
      /** 0: nothing is kept and nothing is read; only those who ask at the same time share what is made. */
      maxBytes: number
      weigh(value: T): number
      shared?: {
        tier: SharedTier
        encode(value: T): string
        /** @throws when the text is no such value */
        decode(text: string): T
      }
    },
  ) {
    this.off = options.maxBytes === 0
    this.memory = new TaggedCache({ ...options, maxBytes: Math.max(1, options.maxBytes) })
  }

  /** What this process has, fresh or not. */
  get(key: string, now?: number): Entry<T> | undefined {
    return this.off ? undefined : this.memory.get(key, now)
  }

  /** Gets what is not fresh here any more. Rejects when `make` does. */
  async obtain(key: string, make: () => Promise<Made<T>>): Promise<Given<T>> {
    const arrived = this.memory.begin()
    const start = () => this.fly(key, make)
    const flown = await this.flights.join(key, start)
    // A flight that was under way on arrival may carry what a write has changed in between. The next began later.
    if (flown.begun >= arrived) return flown
    if (flown.keep && !this.memory.changedSince(flown.begun, flown.tags)) return flown
    return await this.flights.join(key, start)
  }

  /** Whether `obtain` would join what others have begun, which costs next to nothing. */
  isMaking(key: string): boolean {
    return this.flights.has(key)
  }

  invalidate(tags: readonly string[]): void {
    this.memory.invalidate(tags)
  }

  /** Drops what carries one of the tags. */
  purge(tags: readonly string[]): void {
    for (const key of this.memory.invalidate(tags)) this.memory.delete(key)
  }

  keys(): string[] {
    return this.memory.keys()
  }

  delete(key: string): void {
    this.memory.delete(key)
  }

  clear(): void {
    this.memory.clear()
  }

  get stats(): CacheStats {
    return this.memory.stats
  }

  private async fly(key: string, make: () => Promise<Made<T>>): Promise<Flown<T>> {
    const { shared } = this.options
    const asked = this.memory.begin()
    const read = this.off ? undefined : await shared?.tier.read(key)
    const found = read?.entry && this.take(key, read.entry, asked)
    if (found) return found
    const begun = this.memory.begin()
    const made = await make()
    const { value, tags, maxAgeMs } = made
    const freshUntil = performance.now() + maxAgeMs
    if (made.keep && !this.off) {
      const fresh = this.memory.set(key, value, { tags, maxAgeMs, begun })
      if (fresh && shared && read) {
        const text = shared.encode(value)
        shared.tier.write(key, { ticket: read.ticket, text, tags, maxAgeMs })
      }
    }
    return { ...made, freshUntil, begun }
  }

  /** Keeps here what another process made; undefined when it is damaged, or was outdated while it was read. */
  private take(key: string, entry: SharedEntry, begun: number): Flown<T> | undefined {
    const { tags, maxAgeMs } = entry
    if (maxAgeMs <= 0 || this.memory.changedSince(begun, tags)) return undefined
    try {
      const value = this.options.shared?.decode(entry.text)
      if (!value) return undefined
      this.memory.set(key, value, { tags, maxAgeMs, begun })
      return { value, tags, maxAgeMs, keep: true, freshUntil: performance.now() + maxAgeMs, begun }
    } catch {
      return undefined
    }
  }
}
