import {
  type Backend,
  type FragmentRequest,
  fragmentPath,
  type RunningService,
} from '@colonnade/http'
import { Breaker } from './breaker.ts'
import type { PlacedFragment } from './pages.ts'
import { type Piece, pieceOf, readPiece } from './piece.ts'

/** Calls services for fragments: each within its time budget, and behind a circuit breaker. */
export class FragmentCalls {
  private readonly breakers = new Map<string, Breaker>()

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
    return [...this.breakers].filter(([, breaker]) => breaker.open).map(([name]) => name)
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

  private breaker(name: string): Breaker {
    let breaker = this.breakers.get(name)
    if (!breaker) {
      breaker = new Breaker(name)
      this.breakers.set(name, breaker)
    }
    return breaker
  }
}
