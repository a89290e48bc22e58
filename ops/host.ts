import type { IncomingMessage } from 'node:http'
import {
  apiTokenOf,
  type Backend,
  type Door,
  isOperator,
  problem,
  problemText,
  type RunningService,
  type ServiceDefinition,
  sendFast,
  type Trust,
  tagsHeader,
} from '@colonnade/http'
import { Assets, createExchange, routesOf, sendAsset, withHeaders } from '@colonnade/proxy'
import type { Metrics } from '@colonnade/watch'
import { builtAssets } from './assets.ts'
import type { Faults } from './faults.ts'
import { showFragments } from './show-fragments.ts'

/** How services are reached over the network when the proxy runs elsewhere. */
export type Host = Omit<Door, 'fetch' | 'refused'> & {
  fetch(request: Request): Promise<Response>
}

/** One door for the services of this process: each request goes to the one that owns its path. */
export function createHost(options: {
  definitions: readonly ServiceDefinition[]
  running: ReadonlyMap<string, RunningService>
  faults: Faults
  operatorToken: string
  /** Exchanges API tokens of programs that come here without a proxy between. */
  accounts: Backend
  trust: Trust
  styles: readonly string[]
  metrics: Metrics
}): Host {
  const here = options.definitions.filter(({ name }) => options.running.has(name))
  const routes = routesOf(here)
  const exchange = createExchange(options.accounts, options.trust)
  const assets = new Assets({ built: builtAssets, fetched: builtAssets, remote: () => undefined })

  /** Services that share an address are told apart by the header their callers set, else by the path. */
  function serviceFor(path: string, named: string | null): RunningService | undefined {
    const name = nameFor(path, named)
    return name ? options.running.get(name) : undefined
  }
  const nameFor = (path: string, named: string | null) =>
    named ?? /^\/fragments\/([a-z-]+)\//.exec(path)?.[1] ?? routes.find(path)?.value.name

  function addressed(req: IncomingMessage): { path: string; name: string | undefined } {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const header = req.headers['colonnade-service']
    return { path, name: nameFor(path, typeof header === 'string' ? header : null) }
  }

  return {
    shortcut(req, res) {
      const { path, name } = addressed(req)
      // Dead means dead: no answer at all, only a connection that ends.
      if (name && options.faults.get(name) === 'dead') {
        req.socket.destroy()
        return true
      }
      if (req.method !== 'GET' || !path.startsWith('/assets/')) return false
      void sendAsset(assets, path, req, res, crypto.randomUUID())
      return true
    },
    workOf(req) {
      const { path, name } = addressed(req)
      if (!name || path.startsWith('/internal/')) return undefined
      const definition = here.find((one) => one.name === name)
      if (definition?.patient?.includes(path))
        return { queue: `${name} patient`, priority: 'write', patient: true }
      const reads = req.method === 'GET' || req.method === 'HEAD'
      return { queue: `${name} ${reads ? 'reads' : 'writes'}`, priority: reads ? 'read' : 'write' }
    },
    fast(req, res, more) {
      if (req.method !== 'GET' || apiTokenOf(req.headers.authorization)) return false
      const { path, name } = addressed(req)
      const search = (req.url ?? '').slice(path.length)
      const answer = name ? options.running.get(name)?.fast?.(path, search) : undefined
      if (!answer) return false
      void answer.then(
        (one) => sendFast(res, one, [...Object.entries(tagsHeader(one.tags)).flat(), ...more]),
        () => {
          res.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'application/problem+json' })
          res.end(problemText(503))
        },
      )
      return true
    },
    async fetch(request) {
      const { pathname } = new URL(request.url)
      switch (pathname) {
        case '/healthz':
          return new Response('ok\n')
        case '/readyz':
          return await ready()
        case '/metrics':
          if (!isOperator(request.headers.get('authorization'), options.operatorToken)) {
            return problem(
              401,
              'Metrics need the operator’s token, or METRICS_PORT on this machine.',
            )
          }
          return new Response(await options.metrics.text(), {
            headers: { 'Content-Type': options.metrics.contentType },
          })
        case '/':
          return showFragments(here, options.styles)
        default: {
          const service = serviceFor(pathname, request.headers.get('colonnade-service'))
          if (!service) return problem(404, 'No service here answers this.')
          if (!apiTokenOf(request.headers.get('authorization'))) return service.app.fetch(request)
          const headers = new Headers(request.headers)
          const refused = await exchange.apiToken(headers)
          return refused ?? (await service.app.fetch(withHeaders(request, headers)))
        }
      }
    },
  }

  async function ready(): Promise<Response> {
    const states = await Promise.all(
      here.map(async ({ name }) => {
        const service = options.running.get(name)
        const fine = await service?.ready?.().then(
          () => true,
          () => false,
        )
        return { name, ready: fine ?? true }
      }),
    )
    const all = states.every((state) => state.ready)
    return Response.json({ ready: all, services: states }, { status: all ? 200 : 503 })
  }
}
