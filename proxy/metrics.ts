import type { ServerResponse } from 'node:http'
import { pathnameOf, type RouteTree, type ServiceDefinition } from '@colonnade/http'
import { type Metrics, nameRequest, type RouteTally } from '@colonnade/watch'
import { type OwnedRoute, type Page, routeName } from './pages.ts'
import type { ProxyStats } from './proxy.ts'
import { wellKnownPaths } from './well-known.ts'

export type ProxyMetrics = ReturnType<typeof createProxyMetrics>

/** What the proxy counts: each request at the door by its route, and what it knows of fragments and caches. */
export function createProxyMetrics(
  process: Metrics,
  services: readonly ServiceDefinition[],
  routes: RouteTree<ServiceDefinition>,
) {
  const names = services.flatMap(({ name, fragments }) =>
    Object.keys(fragments).map((fragment) => `${name}/${fragment}`),
  )
  const failures = new Map(names.map((fragment) => [fragment, 0]))
  const asset = process.route('proxy', 'asset')
  const tallies = new Map<Page | OwnedRoute, RouteTally>()

  /** Found by identity: no string is made or compared for a request. */
  function tallyOf(route: Page | OwnedRoute): RouteTally {
    let found = tallies.get(route)
    if (!found) {
      found = process.route('proxy', patternOf(route))
      tallies.set(route, found)
    }
    return found
  }

  return {
    contentType: process.contentType,
    text: () => process.text(),
    /** Counts a request when its answer ends. @param started `performance.now()` at its beginning */
    count(res: ServerResponse, route: Page | OwnedRoute | 'asset', started: number): void {
      const tally = route === 'asset' ? asset : tallyOf(route)
      nameRequest(route === 'asset' ? route : patternOf(route))
      res.on('finish', () => {
        tally.count(res.statusCode, (performance.now() - started) / 1000)
      })
    },
    /** Counts a request that was answered at once. */
    answered(route: Page | OwnedRoute, status: number, started: number): void {
      nameRequest(patternOf(route))
      tallyOf(route).count(status, (performance.now() - started) / 1000)
    },
    /** Counts a request that takes the way through the router. */
    async counted(
      request: Request,
      answer: (request: Request) => Promise<Response>,
    ): Promise<Response> {
      const started = performance.now()
      const pathname = pathnameOf(request)
      const name = wellKnownPaths.has(pathname)
        ? pathname
        : (routeName(services, routes, pathname) ?? 'other')
      nameRequest(name)
      let status = 500
      try {
        const response = await answer(request)
        status = response.status
        return response
      } finally {
        process.route('proxy', name).count(status, (performance.now() - started) / 1000)
      }
    },
    fragmentFailed(fragment: string): void {
      failures.set(fragment, (failures.get(fragment) ?? 0) + 1)
    },
    /** Reads what the proxy's caches and breakers say of themselves whenever somebody asks. */
    watch(stats: () => ProxyStats, openBreakers: () => readonly string[]): void {
      const caches = () => {
        const { pages, fragments, answers } = stats()
        return Object.entries({ pages, fragments, ...(answers ? { answers } : {}) })
      }
      process.read('colonnade_cache_bytes', () =>
        caches().map(([cache, { bytes }]) => [{ cache }, bytes] as const),
      )
      process.read('colonnade_cache_entries', () =>
        caches().map(([cache, { entries }]) => [{ cache }, entries] as const),
      )
      process.read('colonnade_cache_reads_total', () => {
        const { redis } = stats()
        const shared = { hits: redis?.hits ?? 0, misses: (redis?.reads ?? 0) - (redis?.hits ?? 0) }
        return [
          ...caches().flatMap(([cache, { hits, stale, misses }]) => [
            [{ cache, result: 'hit' }, hits] as const,
            [{ cache, result: 'stale' }, stale] as const,
            [{ cache, result: 'miss' }, misses] as const,
          ]),
          ...(redis
            ? [
                [{ cache: 'redis', result: 'hit' }, shared.hits] as const,
                [{ cache: 'redis', result: 'miss' }, shared.misses] as const,
              ]
            : []),
        ]
      })
      process.read('colonnade_redis_up', () => {
        const { redis } = stats()
        return redis ? [[{}, redis.up ? 1 : 0]] : []
      })
      process.read('colonnade_redis_errors_total', () => {
        const { redis } = stats()
        return redis ? [[{}, redis.errors]] : []
      })
      process.read('colonnade_fragment_failures_total', () =>
        [...failures].map(([fragment, count]) => [{ fragment }, count] as const),
      )
      process.read('colonnade_breakers_open', () => {
        const open = new Set(openBreakers())
        return names.map((fragment) => [{ fragment }, open.has(fragment) ? 1 : 0] as const)
      })
    },
  }
}

const patternOf = (route: Page | OwnedRoute) => ('value' in route ? route.pattern : route.path)
