import { Histogram, type HistogramData } from './histogram.ts'
import { type Address, Connection, type Outcome } from './http/connection.ts'
import {
  type Expected,
  isExpected,
  type Prepared,
  type RequestPlan,
  requestSource,
} from './http/request.ts'

/** As fast as the server answers, on so many connections: for how much it can do, not for how long it takes. */
export type ClosedPlan = {
  /** Several are asked in turn. */
  request: RequestPlan | readonly RequestPlan[]
  address: Address
  expect: Expected
  connections: number
  /** Not counted, at the beginning. */
  warmUp: number
  seconds: number
}

export type ClosedResult = {
  /** Expected answers per second. */
  rate: number
  answered: number
  failed: number
  /** Sent once more because the server had closed the connection meanwhile. */
  resent: number
  latency: HistogramData
  bytes: number
  errors: string[]
}

/** Each connection sends its next request when it has its answer; a connection that ends is made again. */
export async function runClosed(plan: ClosedPlan): Promise<ClosedResult> {
  const next = requestSource(plan.request, `${plan.address.host}:${plan.address.port}`)
  const latency = new Histogram()
  const begin = performance.now() + plan.warmUp * 1000
  const end = begin + plan.seconds * 1000
  const result = { answered: 0, failed: 0, resent: 0, bytes: 0, errors: new Set<string>() }

  await Promise.all(Array.from({ length: plan.connections }, () => keepAsking()))
  const { errors, ...rest } = result
  return {
    ...rest,
    rate: result.answered / plan.seconds,
    latency: latency.toJSON(),
    errors: [...errors],
  }

  function keepAsking(): Promise<void> {
    return new Promise((resolve) => {
      let connection = new Connection(plan.address, () => {})
      const ask = () => {
        const sent = performance.now()
        if (sent >= end) {
          connection.close()
          resolve()
          return
        }
        send(next(), sent, false)
      }
      const send = (request: Prepared, sent: number, resent: boolean) => {
        if (!connection.usable) connection = new Connection(plan.address, () => {})
        connection.send(request.bytes, (outcome) => {
          const now = performance.now()
          if ('error' in outcome && outcome.unread && request.again && !resent) {
            result.resent++
            send(request, sent, true)
            return
          }
          if (now >= begin && now < end) note(outcome, now - sent)
          // A server that refuses must not make this a loop without an end.
          if ('error' in outcome) setTimeout(ask, 10)
          else ask()
        })
      }
      ask()
      // What never answers must not hold the end up.
      setTimeout(
        () => {
          connection.close()
          resolve()
        },
        end + 2000 - performance.now(),
      ).unref()
    })
  }

  function note(outcome: Outcome, elapsed: number): void {
    if ('error' in outcome || !isExpected(outcome.status, plan.expect)) {
      result.failed++
      const why = 'error' in outcome ? outcome.error.message : `status ${outcome.status}`
      if (result.errors.size < 5) result.errors.add(why)
      return
    }
    result.answered++
    result.bytes += outcome.bytes
    latency.record(elapsed * 1000)
  }
}
