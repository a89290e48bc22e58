import { join } from 'node:path'
import { type CacheStats, type RedisStats, RedisTier } from '@colonnade/cache'
import { coursesClient } from '@colonnade/courses/contract'
import {
  type Backend,
  type Door,
  problem,
  type RunningService,
  type ServiceDefinition,
  type Trust,
} from '@colonnade/http'
import type { Metrics } from '@colonnade/watch'
import type { Logger } from 'pino'
import { Answers } from './answers.ts'
import { describeApi } from './api-document.ts'
import { Assets } from './assets.ts'
import { Copies } from './copies.ts'
import { createDoor } from './door.ts'
import { createExchange } from './exchange.ts'
import { forward, hand, takeTags } from './forward.ts'
import { answerFragment } from './fragment-route.ts'
import { Fragments } from './fragments.ts'
import { hearEvents } from './hear.ts'
import { createProxyMetrics } from './metrics.ts'
import { PageServer } from './page-server.ts'
import { collectPages, isPatient, isPersonal, routesOf } from './pages.ts'
import { dress } from './personal.ts'
import { newRequestId, validId } from './request-id.ts'
import { RouteMap } from './routes.ts'
import type { Site } from './site.ts'
import { createVisitors } from './visitors.ts'
import { wellKnown } from './well-known.ts'

export type ProxyOptions = {
  /** Every service of the installation, wherever it runs. */
  services: readonly ServiceDefinition[]
  backend(service: string): Backend
  /** The service when it runs in this process: its fast routes are called without a router between. */
  local(service: string): RunningService | undefined
  trust: Trust
  operatorToken: string
  site: Site
  /** The proxy's own folder under COLONNADE_DATA. */
  data: string
  /** Where the build's assets lie. */
  built: string
  /** This process's. */
  metrics: Metrics
  /** What pages, fragments and answers may take together; 0 turns every cache off, last good copies stay. */
  cacheBytes: number
  /** A tier that all proxies share; `build` keeps what different versions of the code have made apart. */
  redis?: { url: string; secret: string; build: string }
  log: Logger
}

export type Proxy = Required<Door> & {
  fetch(request: Request, client?: string): Promise<Response>
  /** Drops entries and last good copies by tag: erasure, takedown. */
  purge(tags: readonly string[]): Promise<void>
  /** Forgets all it keeps of a service: what a cold start with that service away would look like. */
  forget(service: string): Promise<void>
  /** What each cache has done and holds; a cache that is off or not there is undefined. */
  readonly stats: ProxyStats
  close(): Promise<void>
}

export type ProxyStats = {
  pages: CacheStats
  fragments: CacheStats
  answers: CacheStats | undefined
  redis: RedisStats | undefined
}

/** The public door: routes to pages, page composition, caching, balancing, the shell. */
export function createProxy(options: ProxyOptions): Proxy {
  const { services, backend, trust, site, log } = options
  // Half of it for pages: one that is here costs least.
  const share = Math.floor(options.cacheBytes / 4)
  const redis =
    options.redis && share > 0
      ? new RedisTier({
          ...options.redis,
          onAway: (err) => log.warn({ err }, 'Redis is away: caches go on without it'),
        })
      : undefined
  const owners = routesOf(services)
  const metrics = createProxyMetrics(options.metrics, services, owners)
  const copies = new Copies(join(options.data, 'copies'), (err) =>
    log.warn({ err }, 'copy not kept'),
  )
  const fragments = new Fragments({
    backend,
    local: options.local,
    copies,
    cacheBytes: share,
    shared: redis,
    onFailure: (fragment, error) => {
      metrics.fragmentFailed(fragment)
      log.debug({ fragment, err: error }, 'fragment away')
    },
  })
  const courses = coursesClient(backend('courses'), trust)
  const routes = new RouteMap(join(options.data, 'routes.jsonl'), courses, (err) =>
    log.debug({ err }, 'route map not read'),
  )
  const pages = new PageServer({
    pages: collectPages(services),
    fragments,
    routes,
    site,
    cacheBytes: 2 * share,
    onError: (err, requestId) => log.error({ err, requestId }, 'page failed'),
  })
  const assets = new Assets({
    built: options.built,
    fetched: join(options.data, 'assets'),
    remote: (owner) => {
      const known = services.some((service) => service.name === owner)
      return known && !options.local(owner) ? backend(owner) : undefined
    },
  })
  const answers =
    share > 0
      ? new Answers({
          ...{ routes: owners, backend, local: options.local },
          cacheBytes: share,
          shared: redis,
        })
      : undefined
  const hearing = hearEvents({ trust, pages, fragments, answers, routes, redis, log })
  const visitors = createVisitors(createExchange(backend('accounts'), trust), site.url)
  const document = describeApi({ services, backend, trust, site })
  metrics.watch(stats, () => fragments.open)
  routes.load()

  const door = createDoor({
    ...{ routes: owners, local: options.local, backend, pages, answers, assets, metrics },
    changed: hearing.changed,
  })

  function stats(): ProxyStats {
    return {
      pages: pages.stats,
      fragments: fragments.stats,
      answers: answers?.stats,
      redis: redis?.stats,
    }
  }

  async function answer(request: Request, client?: string): Promise<Response> {
    const url = new URL(request.url)
    const { pathname } = url
    const requestId = validId(request.headers.get('x-request-id')) ?? newRequestId()
    if (pathname === '/internal/events') return await hearing.answerEvents(request)
    const own = await wellKnown(request, url, { ...options, routes, document, metrics })
    if (own) return own
    if (pathname.startsWith('/fragments/')) {
      const fragment = await answerFragment(services, fragments, url)
      if (fragment) return fragment
    }
    const route = owners.find(pathname)
    if (route) {
      const owner = route.value
      const patient = isPatient(route)
      const here = options.local(owner.name)
      const known = await visitors.know(request, owner.name, client)
      const response =
        known instanceof Response
          ? known
          : here
            ? await hand(here, known, requestId, patient)
            : await forward(backend(owner.name), known, requestId, patient)
      hearing.changed(takeTags(response.headers))
      return isPersonal(route) ? await dress(response, site, url, requestId) : response
    }
    if (pages.find(pathname)) {
      return problem(405, 'Pages are read with GET.', { headers: { Allow: 'GET, HEAD' } })
    }
    if (pathname.startsWith('/api/') || pathname.startsWith('/internal/')) {
      return problem(404, 'No such thing: /api/docs lists what there is.', { requestId })
    }
    return pages.notFound(request, requestId)
  }

  return {
    ...door,
    fetch: (request, client) => metrics.counted(request, (one) => answer(one, client)),
    purge: hearing.purge,
    get stats() {
      return stats()
    },
    async forget(service) {
      await fragments.forget(service)
      answers?.clear()
      pages.clear()
      redis?.distrust()
    },
    async close() {
      await redis?.close()
      await routes.close()
      await copies.flushed()
    },
  }
}
