import { type Given, type SharedTier, TieredCache } from '@colonnade/cache'
import {
  type Backend,
  type FragmentRequest,
  fragmentPath,
  type RunningService,
} from '@colonnade/http'
import { noteSpan, spanned } from '@colonnade/watch'
import type { Copies } from './copies.ts'
import { FragmentCalls } from './fragment-calls.ts'
import type { PlacedFragment } from './pages.ts'
import { type Piece, parsePiece } from './piece.ts'

/** A fragment as a page gets it. */
export type Got = {
  fragment: PlacedFragment
  /** Undefined: it is away and there is no copy. */
  piece: Piece | undefined
  /** Whether it shows the present state; false for a copy of one whose service is away. */
  current: boolean
  freshUntil: number
}

/** So long (ms) a change is waited for where there is a copy of before; then the copy stands in until it is here. */
const patienceMs = 150

/** Asks services for fragments: from cache, behind the answer, in time, or from the last good copy. */
export class Fragments {
  private readonly cache: TieredCache<Piece>
  private readonly calls: FragmentCalls

  constructor(
    private readonly options: {
      backend(service: string): Backend
      /** The service when it runs in this process: its answers need not pass through headers. */
      local(service: string): RunningService | undefined
      copies: Copies
      /** What they may weigh together; 0: none is kept but last good copies, which stand in only for a service that is away. */
      cacheBytes: number
      /** Where other processes keep theirs. */
      shared?: SharedTier | undefined
      onFailure(fragment: string, error: unknown): void
    },
  ) {
    const { cacheBytes, shared } = options
    this.calls = new FragmentCalls(options)
    this.cache = new TieredCache({
      maxBytes: cacheBytes,
      weigh: (piece) => (piece.kind === 'html' ? piece.html.length * 2 : 0) + 500,
      ...(shared ? { shared: { tier: shared, encode: JSON.stringify, decode: parsePiece } } : {}),
    })
  }

  /** Never throws, and never takes longer than Redis's and the fragment's budget and one small read from disk. */
  async get(fragment: PlacedFragment, params: Record<string, string>, lang: string): Promise<Got> {
    return await spanned(`fragment ${fragment.service}/${fragment.name}`, {}, async () => {
      const got = await this.find(fragment, params, lang)
      if (!got.current) noteSpan({ 'colonnade.fragment': got.piece ? 'copy' : 'away' })
      return got
    })
  }

  private async find(
    fragment: PlacedFragment,
    params: Record<string, string>,
    lang: string,
  ): Promise<Got> {
    const request = { params: declared(fragment, params), lang }
    const key = fragmentPath(fragment.service, fragment.name, fragment.spec, request)
    const entry = this.cache.get(key)
    const now = performance.now()
    if (entry && entry.freshUntil > now) {
      noteSpan({ 'colonnade.fragment': 'cached' })
      return { fragment, piece: entry.value, current: true, freshUntil: entry.freshUntil }
    }
    // Not fresh by age: served now, refreshed behind. Not fresh by a write: the write must show, so it is asked for.
    if (entry && entry.freshUntil > 0) {
      noteSpan({ 'colonnade.fragment': 'stale' })
      this.ask(fragment, key, request).catch(() => {})
      return { fragment, piece: entry.value, current: true, freshUntil: now + 1000 }
    }
    try {
      const asked = this.ask(fragment, key, request)
      const given = entry ? await within(asked, patienceMs) : await asked
      if (given) {
        noteSpan({ 'colonnade.fragment': 'fresh' })
        return { fragment, piece: given.value, current: true, freshUntil: given.freshUntil }
      }
    } catch {
      // It is away; what follows is for one that is only late, too.
    }
    const copy =
      entry?.value ?? (fragment.spec.keep ? await this.options.copies.find(key) : undefined)
    return { fragment, piece: copy, current: false, freshUntil: 0 }
  }

  invalidate(tags: readonly string[]): void {
    this.cache.invalidate(tags)
  }

  /** Drops last good copies too, in memory and on disk. */
  async purge(tags: readonly string[]): Promise<void> {
    this.cache.purge(tags)
    await this.options.copies.remove(({ piece }) => piece.tags.some((tag) => tags.includes(tag)))
  }

  /** Forgets everything of one service, last good copies included, as if it had never answered. */
  async forget(service: string): Promise<void> {
    const prefix = `/fragments/${service}/`
    for (const key of this.cache.keys()) if (key.startsWith(prefix)) this.cache.delete(key)
    await this.options.copies.remove((kept) => kept.key.startsWith(prefix))
  }

  get stats() {
    return this.cache.stats
  }

  /** Names of fragments that are not asked at the moment. */
  get open(): string[] {
    return this.calls.open
  }

  private ask(
    fragment: PlacedFragment,
    key: string,
    request: FragmentRequest,
  ): Promise<Given<Piece>> {
    return this.cache.obtain(key, async () => {
      try {
        const piece = await this.calls.call(fragment, request)
        if (fragment.spec.keep && piece.kind !== 'missing') this.options.copies.keep(key, piece)
        return { value: piece, tags: piece.tags, maxAgeMs: piece.maxAge * 1000, keep: true }
      } catch (error) {
        this.options.onFailure(`${fragment.service}/${fragment.name}`, error)
        throw error
      }
    })
  }
}

/** What was declared and given: nothing else reaches a service or a cache key. */
function declared({ spec }: PlacedFragment, given: Record<string, string>): Record<string, string> {
  const params: Record<string, string> = {}
  for (const name of spec.params) {
    const value = given[name]
    if (value) params[name] = value
  }
  return params
}

/** Undefined when it takes longer than `ms`; it goes on all the same. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
