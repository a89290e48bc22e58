import { Histogram, type HistogramData } from './histogram.ts'
import { type Address, Connection, type Outcome } from './http/connection.ts'
import {
  type Expected,
  isExpected,
  type Prepared,
  type RequestPlan,
  requestSource,
} from './http/request.ts'

/** Requests that arrive at a constant rate, whatever the server does: people do not wait for each other. */
export type OpenPlan = {
  /** Several are sent in turn, over the same connections. */
  request: RequestPlan | readonly RequestPlan[]
  address: Address
  expect: Expected
  /** Arrivals per second. */
  rate: number
  seconds: number
  /** Seconds until the first arrival; 0. */
  after?: number
  /** An answer later than this after the intended start is dropped; 10 s. */
  limitMs?: number
  /** Connections at most; arrivals beyond wait, and their waiting counts. */
  connections?: number
  /** Arrivals that find no free connection at once are not sent, as k6 drops iterations; nothing waits. */
  impatient?: boolean
  /** How often what was shed is sent again, at once, as careless clients do; 0. */
  retries?: number
}

export type OpenResult = {
  /** Arrivals, each of which is either answered or dropped. */
  planned: number
  answered: number
  /** Of these, before the arrivals ended: what came later was no goodput of that time. */
  answeredMeanwhile: number
  /** Answered of each of the requests that take turns. */
  answeredOf: number[]
  /** `shed`: 503 with Retry-After, after all retries; `status`: any other status than expected. */
  dropped: { late: number; status: number; shed: number; failed: number; unsent: number }
  /** Requests on the wire: arrivals sent, and what was sent again. */
  sent: number
  /** Sent once more because the server had closed the connection meanwhile. */
  resent: number
  /** Microseconds from the intended start; what was dropped counts as the limit at least. */
  latency: HistogramData
  /** Microseconds from its sending, only of what was answered as expected; what was shed before is a sending of its own. */
  accepted: HistogramData
  /** Largest p99 of a second and when, to see stalls in. */
  seconds: { at: number; p99: number; answered: number }[]
  /** When the last arrival came that was dropped, in milliseconds from the first; 0 when none was. */
  lastDroppedMs: number
  bytes: number
  connections: number
  /** The first few reasons why requests failed. */
  errors: string[]
}

type Flight = {
  intended: number
  sent: number
  request: Prepared | undefined
  connection: Connection | undefined
  tries: number
  resent: boolean
  over: boolean
}

const tickMs = 1

/**
 * Runs the plan to its end: latency counts from the moment a request was meant to start, so that a server that stalls
 * is charged for every arrival it kept waiting (no coordinated omission).
 */
export async function runOpen(plan: OpenPlan): Promise<OpenResult> {
  return await new Promise((resolve) => new OpenLoad(plan, resolve).tick())
}

class OpenLoad {
  private readonly limit: number
  private readonly planned: number
  private readonly next: () => Prepared
  private readonly start: number
  private readonly latency = new Histogram()
  private readonly accepted = new Histogram()
  private readonly bySecond: { histogram: Histogram; answered: number }[] = []
  private readonly idle: Connection[] = []
  private readonly flights = new Set<Flight>()
  private readonly waiting: Flight[] = []
  private readonly result: Omit<OpenResult, 'latency' | 'accepted' | 'seconds'>
  private open = 0
  private arrived = 0
  private settled = 0
  private expiredAt = 0

  constructor(
    private readonly plan: OpenPlan,
    private readonly done: (result: OpenResult) => void,
  ) {
    this.start = performance.now() + 5 + (plan.after ?? 0) * 1000
    this.limit = plan.limitMs ?? 10_000
    this.planned = Math.round(plan.rate * plan.seconds)
    this.next = requestSource(plan.request, `${plan.address.host}:${plan.address.port}`)
    this.result = {
      planned: this.planned,
      answered: 0,
      answeredMeanwhile: 0,
      answeredOf: [plan.request].flat().map(() => 0),
      dropped: { late: 0, status: 0, shed: 0, failed: 0, unsent: 0 },
      sent: 0,
      resent: 0,
      lastDroppedMs: 0,
      bytes: 0,
      connections: 0,
      errors: [],
    }
  }

  /** Starts what is due, gives up what is late, and comes back until everything is accounted for. */
  tick(): void {
    const now = performance.now()
    const interval = 1000 / this.plan.rate
    while (this.arrived < this.planned && this.start + this.arrived * interval <= now) {
      const intended = this.start + this.arrived++ * interval
      const fresh = { request: undefined, connection: undefined, tries: 0 }
      this.waiting.push({ intended, sent: 0, ...fresh, resent: false, over: false })
    }
    this.sendWaiting()
    if (now - this.expiredAt > 50) this.expire(now)
    if (this.settled < this.planned) setTimeout(() => this.tick(), tickMs)
    else this.finish()
  }

  private sendWaiting(): void {
    for (let flight = this.waiting[0]; flight; flight = this.waiting[0]) {
      const connection = this.takeConnection()
      if (!connection && !this.plan.impatient) return
      this.waiting.shift()
      if (connection) this.send(flight, connection)
      else this.drop(flight, 'unsent')
    }
  }

  private send(flight: Flight, connection: Connection): void {
    flight.request ??= this.next()
    flight.sent ||= performance.now()
    flight.connection = connection
    this.flights.add(flight)
    this.result.sent++
    connection.send(flight.request.bytes, (outcome) => this.receive(flight, connection, outcome))
  }

  private takeConnection(): Connection | undefined {
    for (let idle = this.idle.pop(); idle; idle = this.idle.pop()) if (idle.usable) return idle
    return this.open < (this.plan.connections ?? 512) ? this.openConnection() : undefined
  }

  private openConnection(): Connection {
    this.open++
    this.result.connections++
    return new Connection(this.plan.address, () => {
      this.open--
    })
  }

  private receive(flight: Flight, connection: Connection, outcome: Outcome): void {
    this.flights.delete(flight)
    if (connection.usable) this.idle.push(connection)
    if (!flight.over) this.settle(flight, outcome)
    if (this.waiting.length > 0) this.sendWaiting()
  }

  private settle(flight: Flight, outcome: Outcome): void {
    const elapsed = performance.now() - flight.intended
    if ('error' in outcome) {
      if (outcome.unread && flight.request?.again && !flight.resent) this.resend(flight)
      else this.drop(flight, 'failed', outcome.error.message)
    } else if (outcome.shed && flight.tries < (this.plan.retries ?? 0)) {
      flight.tries++
      flight.sent = 0
      this.waiting.push(flight)
    } else if (isExpected(outcome.status, this.plan.expect)) {
      if (elapsed > this.limit) this.drop(flight, 'late')
      else this.count(flight, elapsed, outcome.bytes)
    } else this.drop(flight, outcome.shed ? 'shed' : 'status', `status ${outcome.status}`)
  }

  /** What a connection swallowed that the server had closed is sent on a fresh one, as browsers and proxies do. */
  private resend(flight: Flight): void {
    flight.resent = true
    this.result.resent++
    this.send(flight, this.openConnection())
  }

  private count(flight: Flight, elapsed: number, bytes: number): void {
    const now = performance.now()
    this.settled++
    this.result.answered++
    const { answeredOf } = this.result
    const at = flight.request?.place ?? 0
    answeredOf[at] = (answeredOf[at] ?? 0) + 1
    if (now <= this.start + this.plan.seconds * 1000) this.result.answeredMeanwhile++
    this.result.bytes += bytes
    this.accepted.record((now - flight.sent) * 1000)
    this.note(flight, elapsed, 1)
  }

  private drop(flight: Flight, why: keyof OpenResult['dropped'], message?: string): void {
    flight.over = true
    this.settled++
    const { errors, dropped, lastDroppedMs } = this.result
    dropped[why]++
    this.result.lastDroppedMs = Math.max(lastDroppedMs, flight.intended - this.start)
    if (message && errors.length < 5 && !errors.includes(message)) errors.push(message)
    this.note(flight, Math.max(this.limit, performance.now() - flight.intended), 0)
  }

  private note(flight: Flight, elapsed: number, answered: number): void {
    this.latency.record(elapsed * 1000)
    const second = Math.floor((flight.intended - this.start) / 1000)
    this.bySecond[second] ??= { histogram: new Histogram(), answered: 0 }
    const slot = this.bySecond[second]
    slot.histogram.record(elapsed * 1000)
    slot.answered += answered
  }

  private expire(now: number): void {
    this.expiredAt = now
    for (const flight of this.flights) {
      // In order of their sending; what was sent again stands late, and its turn comes when those before it are gone.
      if (now - flight.intended <= this.limit) break
      this.drop(flight, 'late')
      flight.connection?.close()
    }
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      if (now - first.intended <= this.limit) return
      this.waiting.shift()
      this.drop(first, 'unsent')
    }
  }

  private finish(): void {
    for (const connection of this.idle) connection.close()
    const seconds = [...this.bySecond.entries()].flatMap(([at, slot]) =>
      slot ? [{ at, p99: slot.histogram.percentile(99), answered: slot.answered }] : [],
    )
    const { latency, accepted } = this
    this.done({
      ...this.result,
      latency: latency.toJSON(),
      accepted: accepted.toJSON(),
      seconds,
    })
  }
}
