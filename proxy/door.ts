import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  apiTokenOf,
  type Backend,
  type Door,
  problemText,
  type RouteMatch,
  type RouteTree,
  type RunningService,
  type ServiceDefinition,
  sendFast,
  setHeaders,
  type Work,
} from '@colonnade/http'
import type { Answers } from './answers.ts'
import type { Assets } from './assets.ts'
import type { ProxyMetrics } from './metrics.ts'
import type { PageServer } from './page-server.ts'
import { isPatient } from './pages.ts'
import { isWhole, passOn } from './pass-on.ts'
import { requestIdOf } from './request-id.ts'
import { sendAsset } from './send-asset.ts'
import { isPlain } from './visitors.ts'
import { wellKnownPaths } from './well-known.ts'

export type DoorOptions = {
  routes: RouteTree<ServiceDefinition>
  local(service: string): RunningService | undefined
  backend(service: string): Backend
  /** Told what a write has changed. */
  changed(tags: readonly string[]): void
  pages: PageServer
  /** Undefined where nothing is kept. */
  answers: Answers | undefined
  assets: Assets
  metrics: ProxyMetrics
}

/** What the proxy answers before any router, and what the rest counts as. */
export function createDoor(options: DoorOptions): Required<Omit<Door, 'fetch'>> {
  const { routes, local, backend, changed, pages, answers, assets, metrics } = options
  const neverRefused = new Set(['/healthz', '/readyz', '/metrics'])

  /** Asked for twice in a row for nearly every request that needs work. */
  let last: { path: string; route: RouteMatch<ServiceDefinition> | undefined } | undefined
  function routeOf(path: string): RouteMatch<ServiceDefinition> | undefined {
    if (last?.path !== path) last = { path, route: routes.find(path) }
    return last.route
  }

  function serveKept(
    req: IncomingMessage,
    res: ServerResponse,
    headers: readonly string[],
  ): boolean {
    const started = performance.now()
    const requestId = requestIdOf(req)
    const kept = answers?.serve(req, res, requestId, headers, () => sendAway(res, requestId))
    if (kept) metrics.count(res, kept, started)
    return kept !== undefined
  }

  function passElsewhere(
    req: IncomingMessage,
    res: ServerResponse,
    route: RouteMatch<ServiceDefinition>,
    requestId: string,
    more: readonly string[],
    started: number,
  ): boolean {
    const { name } = route.value
    const { pass } = backend(name)
    if (!pass || !isWhole(req) || !isPlain((header) => req.headers[header], name)) return false
    metrics.count(res, route, started)
    const onAway = () => sendAway(res, requestId)
    void passOn(req, res, { pass, requestId, patient: isPatient(route), more, changed, onAway })
    return true
  }

  return {
    shortcut(req, res) {
      if (!isRead(req)) return false
      const url = req.url ?? '/'
      if (url === '/healthz') {
        sendFast(res, alive, [], req.method === 'HEAD')
        return true
      }
      const started = performance.now()
      const requestId = requestIdOf(req)
      if (url.startsWith('/assets/')) {
        metrics.count(res, 'asset', started)
        void sendAsset(assets, pathOf(req), req, res, requestId)
        return true
      }
      const isApi = url.startsWith('/api/')
      const answered = isApi
        ? answers?.answerHere(req, res, requestId, started)
        : pages.answerHere(req, res, requestId, started)
      if (answered) {
        metrics.answered(answered, res.statusCode, started)
        return true
      }
      if (isApi) return answers?.joins(req) === true && serveKept(req, res, [])
      const page = pages.joins(req)
      if (!page) return false
      metrics.count(res, page, started)
      pages.serve(req, res, requestId)
      return true
    },

    workOf(req): Work | undefined {
      const path = pathOf(req)
      if (neverRefused.has(path) || path.startsWith('/internal/')) return undefined
      const route = routeOf(path)
      const name = route?.value.name ?? 'pages'
      if (route && isPatient(route))
        return { queue: `${name} patient`, priority: 'write', patient: true }
      if (!isRead(req)) return { queue: `${name} writes`, priority: 'write' }
      return { queue: `${name} reads`, priority: isBot(req) ? 'bot' : 'read' }
    },

    fast(req, res, headers) {
      const started = performance.now()
      const path = pathOf(req)
      if (isRead(req)) {
        const page = path.startsWith('/api/') ? undefined : pages.find(path)
        if (page) {
          metrics.count(res, page, started)
          setHeaders(res, headers)
          pages.serve(req, res, requestIdOf(req))
          return true
        }
        if (path.startsWith('/api/') && serveKept(req, res, headers)) return true
      }
      const route = wellKnownPaths.has(path) ? undefined : routeOf(path)
      // Whether a token is one is found out on the longer way.
      if (!route || apiTokenOf(req.headers.authorization)) return false
      const requestId = requestIdOf(req)
      const here = local(route.value.name)
      if (!here) return passElsewhere(req, res, route, requestId, headers, started)
      const answer = isRead(req) && here.fast?.(path, (req.url ?? '').slice(path.length))
      if (!answer) return false
      metrics.count(res, route, started)
      void answer.then(
        (one) => sendFast(res, one, ['X-Request-Id', requestId, ...headers], req.method === 'HEAD'),
        () => sendAway(res, requestId),
      )
      return true
    },

    refused: (req, res) => isRead(req) && pages.answerOld(req, res, requestIdOf(req)),
  }
}

const alive = {
  status: 200,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: 'ok\n',
}

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD'

function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/'
  const mark = url.indexOf('?')
  return mark < 0 ? url : url.slice(0, mark)
}

/** Crawlers that say so; the others are limited as everybody is. */
const isBot = (req: IncomingMessage) =>
  /bot\b|crawl|spider|slurp/i.test(req.headers['user-agent'] ?? '')

function sendAway(res: ServerResponse, requestId: string): void {
  if (res.headersSent) {
    res.destroy()
    return
  }
  const body = problemText(503, 'What this needs does not answer. Try again in a moment.')
  res.writeHead(503, {
    'Content-Type': 'application/problem+json',
    'Retry-After': '1',
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
  })
  res.end(body)
}
