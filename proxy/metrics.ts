import type { ServerResponse } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Fragments } from './fragments.ts'
import type { PageServer } from './page-server.ts'
import { Tally } from './tally.ts'

export type ProxyMetrics = ReturnType<typeof createProxyMetrics>

/** What the proxy counts, as Prometheus text at `/metrics`. */
export function createProxyMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const tally = new Tally()
  const failures = new Counter({
    name: 'colonnade_fragment_failures_total',
    help: 'Fragments that failed or came late, by fragment.',
    labelNames: ['fragment'],
    registers: [registry],
  })
  return {
    contentType: registry.contentType,
    text: async (): Promise<string> => (await registry.metrics()) + tally.text(),
    /** Counts a request when its answer ends. @param started `performance.now()` at its beginning */
    count(res: ServerResponse, route: string, started: number): void {
      res.once('finish', () => {
        tally.count(route, res.statusCode, (performance.now() - started) / 1000)
      })
    },
    /** Counts a request that was answered at once. */
    counted(route: string, status: number, started: number): void {
      tally.count(route, status, (performance.now() - started) / 1000)
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
