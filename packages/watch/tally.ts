import { Counter, Histogram, type Registry } from 'prom-client'

/** Upper bounds of the duration buckets, in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * The requests of one route: answers by status class, durations in buckets. prom-client's own counter and histogram
 * cost a fifth of a cached page; this is a few additions.
 */
export class RouteTally {
  readonly byStatus = new Float64Array(6)
  readonly buckets = new Float64Array(bounds.length + 1)
  sum = 0

  constructor(
    readonly service: string,
    readonly route: string,
  ) {}

  /** @param seconds from the request to its answer */
  count(status: number, seconds: number): void {
    const family = Math.floor(status / 100)
    this.byStatus[family] = (this.byStatus[family] ?? 0) + 1
    let bucket = 0
    while (seconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1
    this.sum += seconds
  }
}

/** Counts requests by service and route; written as prom-client's metrics only when somebody asks. */
export class Tally {
  private readonly services = new Map<string, Map<string, RouteTally>>()

  constructor(registry: Registry) {
    const all = () => [...this.services.values()].flatMap((routes) => [...routes.values()])
    new Counter({
      name: 'colonnade_requests_total',
      help: 'Requests answered, by who answered, route and status class.',
      labelNames: ['service', 'route', 'status'],
      registers: [registry],
      collect() {
        this.reset()
        for (const { service, route, byStatus } of all()) {
          for (const [family, count] of byStatus.entries()) {
            if (count > 0) this.inc({ service, route, status: `${family}xx` }, count)
          }
        }
      },
    })
    const durations = new Histogram({
      name: 'colonnade_request_duration_seconds',
      help: durationsHelp,
      labelNames: ['service', 'route'],
      registers: [registry],
    })
    const get = async () => ({
      name: 'colonnade_request_duration_seconds',
      help: durationsHelp,
      type: 'histogram',
      aggregator: 'sum',
      values: all().flatMap(histogramValues),
    })
    // The second is what prom-client asks a histogram for when it writes text.
    Object.assign(durations, { get, getForPromString: get })
  }

  /**
   * Where the requests of a route are counted.
   * @param route a pattern with few values, such as `/learn/:slug`, never an address
   */
  of(service: string, route: string): RouteTally {
    let routes = this.services.get(service)
    if (!routes) {
      routes = new Map()
      this.services.set(service, routes)
    }
    let found = routes.get(route)
    if (!found) {
      found = new RouteTally(service, route)
      routes.set(route, found)
    }
    return found
  }
}

const durationsHelp = 'Time from a request to its answer, by who answered and route.'

/** Buckets, sum and count, each bucket with all below it, as the exposition format has them. */
function histogramValues({ service, route, buckets, sum }: RouteTally) {
  const labels = { service, route }
  const name = 'colonnade_request_duration_seconds'
  let below = 0
  const values: { labels: object; value: number; metricName: string }[] = []
  for (const [i, count] of buckets.entries()) {
    below += count
    const le = bounds[i] ?? '+Inf'
    values.push({ labels: { le, ...labels }, value: below, metricName: `${name}_bucket` })
  }
  values.push({ labels, value: sum, metricName: `${name}_sum` })
  values.push({ labels, value: below, metricName: `${name}_count` })
  return values
}
