import { LRUCache } from 'lru-cache'
import { TagIndex } from './tag-index.ts'

export type Entry<T> = {
  value: T
  tags: readonly string[]
  /**
   * Until when no call is needed, in milliseconds of `performance.now()`: a clock that is set must neither keep nor end
   * it. 0 once a tag of it was invalidated.
   */
  freshUntil: number
}

/** What a cache has done and holds: `stale` was found, but no longer fresh. */
export type CacheStats = {
  hits: number
  stale: number
  misses: number
  entries: number
  bytes: number
}

/** About what an entry takes besides its value, and what each of its tags takes, as V8 lays them out. */
const keyBytes = 300
const tagBytes = 130

/**
 * What was made, by key, with the tags that name what it shows. Invalidating a tag does not delete its entries: they
 * stop being fresh, but stay as the last good copy for when nothing newer can be had.
 *
 * A value whose making began before an invalidation of one of its tags may show the state before it; `set` then
 * stores it as no longer fresh.
 */
export class TaggedCache<T extends object> {
  private readonly entries: LRUCache<string, Entry<T>>
  private readonly index = new TagIndex()
  /** When each tag was last invalidated, counted in invalidations. */
  private readonly invalidations: LRUCache<string, number>
  private clock = 0
  /** The newest invalidation that `invalidations` had to forget: anything begun before it is not trusted. */
  private forgotten = 0
  private hits = 0
  private stale = 0
  private misses = 0

  /** @param options.maxBytes what all values may weigh by `weigh` together, with their keys and tags */
  constructor(options: { maxBytes: number; weigh(value: T): number }) {
    this.entries = new LRUCache({
      maxSize: options.maxBytes,
      maxEntrySize: Math.ceil(options.maxBytes / 4),
      sizeCalculation: ({ value, tags }) =>
        options.weigh(value) + keyBytes + tags.length * tagBytes,
      dispose: (entry, key) => this.index.unlink(key, entry.tags),
    })
    this.invalidations = new LRUCache({
      // More than come while anything is being made. By size: room for `max` would be taken at once.
      maxSize: 10_000,
      sizeCalculation: () => 1,
      dispose: (at, _tag, reason) => {
        if (reason === 'evict') this.forgotten = Math.max(this.forgotten, at)
      },
    })
  }

  /** @param now `performance.now()`, by those who have it: it is read for each answer from memory */
  get(key: string, now = performance.now()): Entry<T> | undefined {
    const entry = this.entries.get(key)
    if (!entry) this.misses++
    else if (entry.freshUntil > now) this.hits++
    else this.stale++
    return entry
  }

  /** The moment to give to `set`, taken before the making begins. */
  begin(): number {
    return this.clock
  }

  /** Whether one of the tags was invalidated after `begun`, as far as is known: what was begun then may be old. */
  changedSince(begun: number, tags: readonly string[]): boolean {
    return begun < this.forgotten || tags.some((tag) => (this.invalidations.get(tag) ?? 0) > begun)
  }

  /** @returns whether the value is stored as fresh */
  set(
    key: string,
    value: T,
    options: { tags: readonly string[]; maxAgeMs: number; begun: number },
  ): boolean {
    const outdated = this.changedSince(options.begun, options.tags)
    // Setting first runs `dispose` of the entry before, which unlinks its tags.
    this.entries.set(key, {
      value,
      tags: options.tags,
      freshUntil: outdated ? 0 : performance.now() + options.maxAgeMs,
    })
    if (this.entries.has(key)) this.index.link(key, options.tags)
    return !outdated
  }

  /** Ends the freshness of everything that carries one of the tags. @returns the keys */
  invalidate(tags: readonly string[]): string[] {
    const found: string[] = []
    this.clock++
    for (const tag of tags) {
      this.invalidations.set(tag, this.clock)
      for (const key of this.index.keysOf(tag)) {
        const entry = this.entries.peek(key)
        if (entry) entry.freshUntil = 0
        found.push(key)
      }
    }
    return found
  }

  keys(): string[] {
    return [...this.entries.keys()]
  }

  delete(key: string): void {
    this.entries.delete(key)
  }

  clear(): void {
    this.clock++
    this.forgotten = this.clock
    this.entries.clear()
  }

  get stats(): CacheStats {
    const { hits, stale, misses } = this
    return {
      hits,
      stale,
      misses,
      entries: this.entries.size,
      bytes: this.entries.calculatedSize,
    }
  }
}
