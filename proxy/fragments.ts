import { type Given, type SharedTier, TieredCache } from '@colonnade/cache'
import { type Backend, fragmentPath, type RunningService } from '@colonnade/http'
import { noteSpan, spanned } from '@colonnade/watch'
import { type CircuitBreakerPolicy, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import type { Copies } from './copies.ts'
import type { PlacedFragment } from './pages.ts'
import { type Piece, parsePiece, pieceOf, readPiece } from './piece.ts'

/** A fragment as a page gets it. */
export type Got = {
  fragment: PlacedFragment
  /** Undefined: it is away and there is no copy. */
  piece: Piece | undefined
  /** Whether it shows the present state; false for a copy of one whose service is away. */
  current: boolean
  freshUntil: number
}

/** After this many failures in a row a fragment is not asked again, but for one try a second. */
const failures = 5
const tryAgainMs = 1000

/** Asks services for fragments: from cache, behind the answer, in time, or from the last good copy. */
export class Fragments {
  private readonly cache: TieredCache<Piece>
  private readonly breakers = new Map<string, CircuitBreakerPolicy>()

  constructor(
    private readonly options: {
      backend(service: string): Backend
      /** The service when it runs in this process: its answers need not pass through headers. */
      local(service: string): RunningService | undefined
      copies: Copies
      /** False: nothing is kept but last good copies, which stand in only for a service that is away. */
      cached: boolean
      /** Where other processes keep theirs. */
      shared?: SharedTier | undefined
      onFailure(fragment: string, error: unknown): void
    },
  ) {
    const { shared } = options
    this.cache = new TieredCache({
      maxBytes: 32 * 1024 * 1024,
      weigh: (piece) => (piece.kind === 'html' ? piece.html.length * 2 : 0) + 500,
      off: !options.cached,
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
    const key = fragmentPath(fragment.service, fragment.name, fragment.spec, { params, lang })
    const entry = this.cache.get(key)
    const now = Date.now()
    if (entry && entry.freshUntil > now) {
      noteSpan({ 'colonnade.fragment': 'cached' })
      return { fragment, piece: entry.value, current: true, freshUntil: entry.freshUntil }
    }
    // Not fresh by age: served now, refreshed behind. Not fresh by a write: the write must show, so it is asked for.
    if (entry && entry.freshUntil > 0) {
      noteSpan({ 'colonnade.fragment': 'stale' })
      this.ask(fragment, key).catch(() => {})
      return { fragment, piece: entry.value, current: true, freshUntil: now + 1000 }
    }
    try {
      const { value, freshUntil } = await this.ask(fragment, key)
      noteSpan({ 'colonnade.fragment': 'fresh' })
      return { fragment, piece: value, current: true, freshUntil }
    } catch {
      const copy =
        entry?.value ?? (fragment.spec.keep ? await this.options.copies.find(key) : undefined)
      return { fragment, piece: copy, current: false, freshUntil: 0 }
    }
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
    return [...this.breakers].filter(([, breaker]) => breaker.state !== 0).map(([name]) => name)
  }

  private ask(fragment: PlacedFragment, key: string): Promise<Given<Piece>> {
    const name = `${fragment.service}/${fragment.name}`
    return this.cache.obtain(key, async () => {
      try {
        const piece = await this.breaker(name).execute(() => this.call(fragment, name, key))
        if (fragment.spec.keep && piece.kind !== 'missing') this.options.copies.keep(key, piece)
        return { value: piece, tags: piece.tags, maxAgeMs: piece.maxAge * 1000, keep: true }
      } catch (error) {
        this.options.onFailure(name, error)
        throw error
      }
    })
  }

  /** One call within the budget, which covers the body; a service that ignores the signal is left behind. */
  private async call(fragment: PlacedFragment, name: string, path: string): Promise<Piece> {
    const abort = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`${name}: no whole answer within ${fragment.spec.budget} ms`)
        abort.abort(error)
        reject(error)
      }, fragment.spec.budget)
    })
    const answer = this.answer(fragment, name, path, abort.signal)
    answer.catch(() => {})
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }

  private async answer(
    fragment: PlacedFragment,
    name: string,
    path: string,
    signal: AbortSignal,
  ): Promise<Piece> {
    const { backend, local } = this.options
    const { lang = '', ...params } = Object.fromEntries(new URL(path, 'http://inside').searchParams)
    const here = local(fragment.service)?.fragment?.(fragment.name, { params, lang })
    if (here) return pieceOf(await here.answer, here.assets)
    return await readPiece(name, await backend(fragment.service).fetch(path, { signal }))
  }

  private breaker(name: string): CircuitBreakerPolicy {
    let breaker = this.breakers.get(name)
    if (!breaker) {
      breaker = circuitBreaker(handleAll, {
        halfOpenAfter: tryAgainMs,
        breaker: new ConsecutiveBreaker(failures),
      })
      this.breakers.set(name, breaker)
    }
    return breaker
  }
}
