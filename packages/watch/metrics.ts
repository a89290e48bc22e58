import { setTimeout as delay } from 'node:timers/promises'
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import { catalogue, type Entry, type Labels, type MetricName, worstOf } from './catalogue.ts'
import { type RouteTally, Tally } from './tally.ts'

/** One figure of a metric, or several, as they are when somebody asks. */
export type Readings<Name extends MetricName> = Iterable<readonly [Labels<Name>, number]>

/** All figures of a process, as they travel between processes: plain JSON in prom-client's form. */
export type MetricsJson = MetricObjectWithValues<MetricValue<string>>[]

/** The Prometheus text format's media type. */
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE

/** The metrics of one process. */
export type Metrics = {
  contentType: string
  /** The Prometheus text format. */
  text(): Promise<string>
  json(): Promise<MetricsJson>
  /** Where the requests of a route are counted. @param route a pattern, never an address */
  route(service: string, route: string): RouteTally
  /**
   * Adds figures to a metric, read when somebody asks. Several may read into one metric; what has the same labels is
   * added up. A reader that fails, or takes longer than a second, is left out that time.
   */
  read<Name extends MetricName>(
    name: Name,
    readings: () => Readings<Name> | Promise<Readings<Name>>,
  ): void
}

type Reader = () => AnyReadings | Promise<AnyReadings>
type AnyReadings = Iterable<readonly [Record<string, string>, number]>

/** A database that is away must not keep Prometheus waiting. */
const patienceMs = 1000

/** The metrics of this process, with those of Node itself: memory, processor, event loop delay, garbage collection. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const tally = new Tally(registry)
  const readers = new Map<string, Reader[]>()

  const collected = async (name: string) => {
    const all = await Promise.all((readers.get(name) ?? []).map(readInTime))
    return all.flatMap((readings) => [...readings])
  }
  for (const [name, { kind, help, labels }] of Object.entries(catalogue)) {
    const options = { name, help, labelNames: labels, registers: [registry] }
    if (kind === 'counter') {
      new Counter({
        ...options,
        async collect() {
          const readings = await collected(name)
          this.reset()
          for (const [given, value] of readings) this.inc(given, value)
        },
      })
    } else {
      new Gauge({
        ...options,
        async collect() {
          const readings = await collected(name)
          this.reset()
          for (const [given, value] of readings) this.inc(given, value)
        },
      })
    }
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    json: () => registry.getMetricsAsJSON(),
    route: (service, route) => tally.of(service, route),
    read(name, readings) {
      readers.set(name, [...(readers.get(name) ?? []), readings])
    },
  }
}

async function readInTime(read: Reader): Promise<AnyReadings> {
  const late = new AbortController()
  try {
    const tooLate = delay(patienceMs, [], { ref: false, signal: late.signal }).catch(() => [])
    return await Promise.race([read(), tooLate])
  } catch {
    return []
  } finally {
    late.abort()
  }
}

/**
 * The metrics of several processes as those of one: counters and most gauges are added up; of a delay, the worst is
 * told; of the times when they started, the latest.
 * @returns Prometheus text
 */
export async function aggregate(processes: readonly MetricsJson[]): Promise<string> {
  const known: Record<string, Entry> = catalogue
  const marked = processes.map((metrics) =>
    metrics.map((metric) => ({
      ...metric,
      aggregator:
        worstOf.includes(metric.name) || known[metric.name]?.together === 'max'
          ? 'max'
          : metric.aggregator,
    })),
  )
  return await AggregatorRegistry.aggregate(marked).metrics()
}
