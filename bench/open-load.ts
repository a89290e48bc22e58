import { Histogram, type HistogramData } from './histogram.ts'
import { type Address, Connection, type Outcome } from './http/connection.ts'
import { type RequestPlan, requestSource } from './http/request.ts'

/** Requests that arrive at a constant rate, whatever the server does: people do not wait for each other. */
export type OpenPlan = {
  request: RequestPlan
  address: Address
  expect: number
  /** Arrivals per second. */
  rate: number
  seconds: number
  /** An answer later than this after the intended start is dropped; 10 s. */
  limitMs?: number
  /** Connections at most; arrivals beyond wait, and their waiting counts. */
  connections?: number
}

export type OpenResult = {
  /** Arrivals, each of which is either answered or dropped. */
  planned: number
  answered: number
  dropped: { late: number; status: number; failed: number; unsent: number }
  /** Microseconds from the intended start; what was dropped counts as the limit at least. */
  latency: HistogramData
  /** Largest p99 of a second and when, to see stalls in. */
  seconds: { at: number; p99: number; answered: number }[]
  bytes: number
  connections: number
  /** The first few reasons why requests failed. */
  errors: string[]
}

type Flight = { intended: number; connection: Connection | undefined; over: boolean }

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
  private readonly next: () => Buffer
  private readonly start = performance.now() + 5
  private readonly latency = new Histogram()
  private readonly bySecond: { histogram: Histogram; answered: number }[] = []
  private readonly idle: Connection[] = []
  private readonly flights = new Set<Flight>()
  private readonly waiting: Flight[] = []
  private readonly result: Omit<OpenResult, 'latency' | 'seconds'>
  private open = 0
  private arrived = 0
  private settled = 0
  private expiredAt = 0

  constructor(
    private readonly plan: OpenPlan,
    private readonly done: (result: OpenResult) => void,
  ) {
    this.limit = plan.limitMs ?? 10_000
    this.planned = Math.round(plan.rate * plan.seconds)
    this.next = requestSource(plan.request, `${plan.address.host}:${plan.address.port}`)
    this.result = {
      planned: this.planned,
      answered: 0,
      dropped: { late: 0, status: 0, failed: 0, unsent: 0 },
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
      this.waiting.push({ intended, connection: undefined, over: false })
    }
    this.sendWaiting()
    if (now - this.expiredAt > 50) this.expire(now)
    if (this.settled < this.planned) setTimeout(() => this.tick(), tickMs)
    else this.finish()
  }

  private sendWaiting(): void {
    while (this.waiting.length > 0) {
      const connection = this.takeConnection()
      if (!connection) return
      const flight = this.waiting.shift()
      if (!flight) return
      flight.connection = connection
      this.flights.add(flight)
      connection.send(this.next(), (outcome) => this.receive(flight, connection, outcome))
    }
  }

  private takeConnection(): Connection | undefined {
    for (let idle = this.idle.pop(); idle; idle = this.idle.pop()) if (idle.usable) return idle
    if (this.open >= (this.plan.connections ?? 512)) return undefined
    this.open++
    this.result.connections++
    return new Connection(this.plan.address, () => {
      this.open--
    })
  }

  private receive(flight: Flight, connection: Connection, outcome: Outcome): void {
    const now = performance.now()
    this.flights.delete(flight)
    if (connection.usable) this.idle.push(connection)
    if (!flight.over) {
      const elapsed = now - flight.intended
      if ('error' in outcome) this.drop(flight, 'failed', outcome.error.message)
      else if (outcome.status !== this.plan.expect)
        this.drop(flight, 'status', `status ${outcome.status}`)
      else if (elapsed > this.limit) this.drop(flight, 'late')
      else this.count(flight, elapsed, outcome.bytes)
    }
    if (this.waiting.length > 0) this.sendWaiting()
  }

  private count(flight: Flight, elapsed: number, bytes: number): void {
    this.settled++
    this.result.answered++
    this.result.bytes += bytes
    this.note(flight, elapsed, 1)
  }

  private drop(flight: Flight, why: keyof OpenResult['dropped'], message?: string): void {
    flight.over = true
    this.settled++
    this.result.dropped[why]++
    const { errors } = this.result
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
      // In order of their start; the first that is in time ends the search.
      if (now - flight.intended <= this.limit) break
      this.drop(flight, 'late')
      flight.connection?.close()
    }
    while (this.waiting[0] && now - this.waiting[0].intended > this.limit) {
      const flight = this.waiting.shift()
      if (flight) this.drop(flight, 'unsent')
    }
  }

  private finish(): void {
    for (const connection of this.idle) connection.close()
    const seconds = [...this.bySecond.entries()].flatMap(([at, slot]) =>
      slot ? [{ at, p99: slot.histogram.percentile(99), answered: slot.answered }] : [],
    )
    this.done({ ...this.result, latency: this.latency.toJSON(), seconds })
  }
}
