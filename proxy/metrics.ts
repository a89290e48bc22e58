import type { ServerResponse } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Fragments } from './fragments.ts'
import type { PageServer } from './page-server.ts'

export type ProxyMetrics = ReturnType<typeof createProxyMetrics>

/** What the proxy counts, as Prometheus text at `/metrics`. */
export function createProxyMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'colonnade_requests_total',
    help: 'Requests answered, by kind of route and status class.',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'colonnade_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by kind of route.',
    labelNames: ['route'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  })
  const failures = new Counter({
    name: 'colonnade_fragment_failures_total',
    help: 'Fragments that failed or came late, by fragment.',
    labelNames: ['fragment'],
    registers: [registry],
  })
  return {
    registry,
    /** Counts a request when its answer ends. @param started `performance.now()` at its beginning */
    count(res: ServerResponse, route: string, started: number): void {
      res.once('finish', () => {
        requests.inc({ route, status: `${Math.floor(res.statusCode / 100)}xx` })
        durations.observe({ route }, (performance.now() - started) / 1000)
      })
    },
    fragmentFailed: (fragment: string): void => failures.inc({ fragment }),
    watch({ pages, fragments }: { pages: PageServer; fragments: Fragments }): void {
      new Gauge({
        name: 'colonnade_cache_bytes',
        help: 'What the caches hold.',
        labelNames: ['cache'],
        registers: [registry],
        collect() {
          this.set({ cache: 'pages' }, pages.stats.bytes)
          this.set({ cache: 'fragments' }, fragments.stats.bytes)
        },
      })
      new Gauge({
        name: 'colonnade_breakers_open',
        help: 'Fragments that are not asked at the moment.',
        registers: [registry],
        collect() {
          this.set(fragments.open.length)
        },
      })
    },
  }
}
