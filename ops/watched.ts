import { countConnections, type Database, poolNames } from '@colonnade/db'
import type { Relay } from '@colonnade/events'
import {
  type Admission,
  type Backend,
  pathnameOf,
  type RunningService,
  type ServiceDefinition,
} from '@colonnade/http'
import { routeName, routesOf } from '@colonnade/proxy'
import { asking, isTracing, type Metrics, servingRequest } from '@colonnade/watch'

/** The service with each request counted by its route, and part of a trace where traces are wanted. */
export function watchService(
  definition: ServiceDefinition,
  service: RunningService,
  metrics: Metrics,
): RunningService {
  const { name } = definition
  const definitions = [definition]
  const routes = routesOf(definitions)

  /** What passes by `app` is counted here. */
  async function counted<T extends { status?: number }>(
    route: string,
    answer: Promise<T>,
  ): Promise<T> {
    const started = performance.now()
    let status = 500
    try {
      const given = await answer
      status = given.status ?? 200
      return given
    } finally {
      metrics.route(name, route).count(status, (performance.now() - started) / 1000)
    }
  }

  return {
    ...service,
    app: {
      async fetch(request) {
        const started = performance.now()
        const route = routeName(definitions, routes, pathnameOf(request)) ?? 'other'
        let status = 500
        try {
          const response = await servingRequest(`${name} ${route}`, request, async () =>
            service.app.fetch(request),
          )
          status = response.status
          return response
        } finally {
          metrics.route(name, route).count(status, (performance.now() - started) / 1000)
        }
      },
    },
    fragment(fragment, request) {
      const found = isTracing() ? undefined : service.fragment?.(fragment, request)
      return found && { ...found, answer: counted(`fragment ${name}/${fragment}`, found.answer) }
    },
    // A fast answer sees no headers, which name the trace; a traced request takes the longer way.
    fast(path, search) {
      const answer = isTracing() ? undefined : service.fast?.(path, search)
      return answer && counted(routes.find(path)?.pattern ?? 'other', answer)
    },
  }
}

/** The way to a service with each request told which trace it belongs to. */
export function watchBackend(name: string, backend: Backend): Backend {
  if (!isTracing()) return backend
  return {
    fetch: (path, init) => asking(name, path, init, (told) => backend.fetch(path, told)),
  }
}

/** What a service's pools and its outbox tell of themselves. */
export function watchStores(service: string, db: Database, relay: Relay, metrics: Metrics): void {
  metrics.read('colonnade_pool_connections', async () => [
    ...poolNames.map((pool) => [{ service, pool, state: 'max' }, db.sizes[pool]] as const),
    ...(await countConnections(db, service)).map(
      ({ pool, state, count }) => [{ service, pool, state }, count] as const,
    ),
  ])
  metrics.read('colonnade_outbox_waiting', async () => [[{ service }, await relay.waiting()]])
  metrics.read('colonnade_relay_delivered_total', () =>
    [...relay.delivered].map(([subscriber, count]) => [{ service, subscriber }, count] as const),
  )
}

/** What the gate in front of all work tells of itself. */
export function watchAdmission(admission: Admission, metrics: Metrics): void {
  const queues = () => Object.entries(admission.stats.queues)
  metrics.read('colonnade_admitted_inflight', () =>
    queues().map(([queue, { inflight }]) => [{ queue }, inflight] as const),
  )
  metrics.read('colonnade_admission_limit', () =>
    queues().map(([queue, { limit }]) => [{ queue }, limit] as const),
  )
  metrics.read('colonnade_admission_waiting', () =>
    queues().map(([queue, { waiting }]) => [{ queue }, waiting] as const),
  )
  metrics.read('colonnade_shed_total', () =>
    Object.entries(admission.stats.shed).flatMap(([priority, reasons]) =>
      Object.entries(reasons).map(([reason, count]) => [{ priority, reason }, count] as const),
    ),
  )
  metrics.read('colonnade_refusals_waiting', () => [[{}, admission.stats.refusalsWaiting]])
  metrics.read('colonnade_rate_limited_total', () =>
    Object.entries(admission.stats.rateLimited).map(
      ([policy, count]) => [{ policy }, count] as const,
    ),
  )
}
