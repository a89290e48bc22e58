import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import {
  AdaptiveLimit,
  type Job,
  type LimitOptions,
  type Priority,
  type Refusal,
} from './adaptive-limit.ts'
import { Lateness } from './lateness.ts'
import type { RateLimits } from './rate-limit.ts'
import type { Refusals } from './refusals.ts'

/** A request that needs work: which queue it stands in, and when its turn comes; `patient` may take minutes. */
export type Work = { queue: string; priority: Priority; patient?: boolean }

/** A process that is later than this refuses new work at once, the least important first (milliseconds). */
const latest: Record<Priority, number> = { bot: 120, read: 350, write: 600 }

// Writes share commits: fewer at once make each commit dearer, not sooner, until they take longer than anybody likes.
const limits: Record<'read' | 'write' | 'patient', LimitOptions> = {
  read: { target: 150, patience: 400, waiting: 2000, least: 8, most: 512 },
  write: {
    target: 200,
    patience: 500,
    waiting: 2000,
    least: 32,
    most: 512,
    below: { fewest: 4, tolerable: 800 },
  },
  patient: { target: Number.POSITIVE_INFINITY, patience: 10_000, waiting: 100, least: 8, most: 8 },
}

export type AdmissionStats = {
  queues: Record<string, { limit: number; inflight: number; waiting: number }>
  shed: Readonly<Record<Priority, Readonly<Record<Refusal, number>>>>
  rateLimited: Readonly<Record<string, number>>
  lateMs: number
  /** Refusals that wait for their turn. */
  refusalsWaiting: number
}

/**
 * The gate in front of all work. Beyond capacity it refuses with 503 and Retry-After, so that what is let in is
 * answered in time: each kind of work has a queue of its own with a bound and an adaptive limit, and a process that is late as a whole
 * refuses crawlers first, then reads, then writes. What is answered from memory, and health, never comes here.
 */
export class Admission {
  private readonly queues = new Map<string, AdaptiveLimit>()
  private readonly lateness = new Lateness()
  private readonly shed = { write: none(), read: none(), bot: none() }
  private readonly timer = setInterval(() => this.expire(), 50)

  private used = performance.eventLoopUtilization()

  /** @param refusals where given, keeps the pace at which those who come are refused */
  constructor(
    private readonly rates?: RateLimits,
    private readonly refusals?: Refusals,
  ) {
    this.timer.unref()
  }

  /**
   * Lets the request in now or later, or refuses it.
   * @param run does the work; `headers` (flat) belong into the answer
   * @param refused answers a request that is refused, as the problem it is given; 429 or 503
   */
  enter(
    req: IncomingMessage,
    res: ServerResponse,
    work: Work,
    run: (headers: readonly string[]) => void,
    refused: (status: 429 | 503, detail: string, headers: readonly string[]) => void,
  ): void {
    const verdict = this.rates?.check(req)
    if (verdict?.refused) {
      refused(429, verdict.refused, verdict.headers)
      return
    }
    const limit = this.limitOf(work)
    const ticket = new Ticket(
      work.priority,
      limit,
      () => run(verdict?.headers ?? []),
      (reason) => {
        this.shed[work.priority][reason]++
        refused(503, tooMuch, ['Retry-After', retryAfter()])
      },
    )
    res.on('close', () => {
      if (res.statusCode === 401) this.rates?.failed(req)
      if (res.writableFinished && res.statusCode < 500) this.refusals?.answered()
      ticket.end(res.statusCode >= 500)
    })
    if (this.lateness.ms > latest[work.priority]) ticket.refuse('busy')
    else limit.enter(ticket)
  }

  /** Calls `no`, which tells somebody of a refusal: at once, or when that costs none of those who are let in their time. */
  refuse(no: () => void): void {
    if (this.refusals) this.refusals.say(no)
    else no()
  }

  get stats(): AdmissionStats {
    return {
      queues: Object.fromEntries(
        [...this.queues].map(([queue, { limit, inflight, waiting }]) => [
          queue,
          { limit, inflight, waiting },
        ]),
      ),
      shed: this.shed,
      rateLimited: this.rates?.stats.refused ?? {},
      lateMs: this.lateness.ms,
      refusalsWaiting: this.refusals?.waiting ?? 0,
    }
  }

  close(): void {
    clearInterval(this.timer)
    this.lateness.close()
  }

  private limitOf({ queue, priority, patient }: Work): AdaptiveLimit {
    const kind = patient ? 'patient' : priority === 'write' ? 'write' : 'read'
    let limit = this.queues.get(queue)
    if (!limit) {
      limit = new AdaptiveLimit(limits[kind])
      this.queues.set(queue, limit)
    }
    return limit
  }

  private expire(): void {
    const now = performance.now()
    for (const limit of this.queues.values()) limit.expire(now)
    const used = performance.eventLoopUtilization()
    this.refusals?.look(now, performance.eventLoopUtilization(used, this.used).utilization)
    this.used = used
  }
}

const tooMuch = 'There is more to do than can be done in time. Try again in a moment.'
/** Seconds; not the same for all, or all would be here again at once. */
const retryAfter = () => String(1 + Math.floor(Math.random() * 3))

/** A request on its way through the gate. */
class Ticket implements Job {
  gone = false
  readonly since = performance.now()
  private state: 'waiting' | 'running' | 'over' = 'waiting'
  private began = 0

  constructor(
    readonly priority: Priority,
    private readonly limit: AdaptiveLimit,
    private readonly work: () => void,
    private readonly sayNo: (reason: Refusal) => void,
  ) {}

  run(): void {
    this.state = 'running'
    this.began = performance.now()
    this.work()
  }

  refuse(reason: Refusal): void {
    this.state = 'over'
    this.sayNo(reason)
  }

  /** The answer is sent, or nobody waits for it any more. */
  end(failed: boolean): void {
    const { state } = this
    this.state = 'over'
    if (state === 'waiting') this.limit.abandon(this)
    if (state !== 'running') return
    const now = performance.now()
    this.limit.leave(now - this.began, now, failed)
  }
}

const none = (): Record<Refusal, number> => ({ full: 0, late: 0, busy: 0 })
