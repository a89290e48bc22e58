import {
  type Backend,
  type FragmentRequest,
  fragmentPath,
  type RunningService,
} from '@colonnade/http'
import { type CircuitBreakerPolicy, circuitBreaker, handleAll, type IBreaker } from 'cockatiel'
import type { PlacedFragment } from './pages.ts'
import { type Piece, pieceOf, readPiece } from './piece.ts'

/** A fragment that failed too often is not asked again, but for one try a second. */
const tryAgainMs = 1000

/**
 * Opens after five failures in a row, or after two of which the second came a while after the first: five that are
 * each waited for would be two seconds of waiting.
 */
class Patience implements IBreaker {
  state: unknown = undefined
  private failures = 0
  private first = 0

  success(): void {
    this.failures = 0
  }

  failure(): boolean {
    const now = Date.now()
    if (this.failures++ === 0) this.first = now
    return this.failures >= 5 || (this.failures >= 2 && now - this.first >= 300)
  }
}

/** Calls services for fragments: each within its time budget, and behind a circuit breaker. */
export class FragmentCalls {
  private readonly breakers = new Map<string, CircuitBreakerPolicy>()

  constructor(
    private readonly options: {
      backend(service: string): Backend
      /** The service when it runs in this process: its answers need not pass through headers. */
      local(service: string): RunningService | undefined
    },
  ) {}

  /** @throws when the fragment is away, late, not what it says it is, or not asked at the moment */
  async call(fragment: PlacedFragment, request: FragmentRequest): Promise<Piece> {
    const name = `${fragment.service}/${fragment.name}`
    return await this.breaker(name).execute(() => this.inTime(fragment, name, request))
  }

  /** Names of fragments that are not asked at the moment. */
  get open(): string[] {
    return [...this.breakers].filter(([, breaker]) => breaker.state !== 0).map(([name]) => name)
  }

  /** One call within the budget, which covers the body; a service that ignores the signal is left behind. */
  private async inTime(
    fragment: PlacedFragment,
    name: string,
    request: FragmentRequest,
  ): Promise<Piece> {
    const { budget } = fragment.spec
    const { local, backend } = this.options
    const here = local(fragment.service)?.fragment?.(fragment.name, request)
    // Nothing in this process listens to a signal, and making one is dear.
    const abort = here ? undefined : new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`${name}: no whole answer within ${budget} ms`)
        abort?.abort(error)
        reject(error)
      }, budget)
    })
    const path = () => fragmentPath(fragment.service, fragment.name, fragment.spec, request)
    const answer = here
      ? here.answer.then((given) => pieceOf(given, here.assets))
      : backend(fragment.service)
          .fetch(path(), abort ? { signal: abort.signal } : {})
          .then((response) => readPiece(name, response))
    answer.catch(() => {})
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }

  private breaker(name: string): CircuitBreakerPolicy {
    let breaker = this.breakers.get(name)
    if (!breaker) {
      breaker = circuitBreaker(handleAll, { halfOpenAfter: tryAgainMs, breaker: new Patience() })
      this.breakers.set(name, breaker)
    }
    return breaker
  }
}
