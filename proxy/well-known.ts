import { isOperator, problem, type ServiceDefinition } from '@colonnade/http'
import { apiDocs } from './api-docs.tsx'
import type { ApiDocument } from './api-document.ts'
import { kitDocument } from './kit-document.tsx'
import type { ProxyMetrics } from './metrics.ts'
import { Rendered } from './rendered.ts'
import type { RouteMap } from './routes.ts'
import { robots, sitemap } from './seo.ts'
import type { Site } from './site.ts'

export type WellKnownOptions = {
  services: readonly ServiceDefinition[]
  operatorToken: string
  site: Site
  routes: RouteMap
  document: ApiDocument
  metrics: ProxyMetrics
}

const text = (body: string, type = 'text/plain; charset=utf-8') =>
  new Response(body, {
    headers: {
      'Content-Type': type,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    },
  })

/** What `wellKnown` answers, and what others tell the proxy. */
export const wellKnownPaths: ReadonlySet<string> = new Set([
  ...['/healthz', '/readyz', '/metrics', '/robots.txt', '/sitemap.xml', '/icon.svg', '/kit'],
  ...['/api/openapi.json', '/api/docs', '/internal/events'],
])

/** Addresses that the proxy itself answers, beside pages and files; undefined when it is not one of them. */
export async function wellKnown(
  request: Request,
  url: URL,
  options: WellKnownOptions,
): Promise<Response | undefined> {
  switch (url.pathname) {
    case '/healthz':
      return text('ok\n')
    case '/readyz':
      // A proxy is ready as soon as it listens: pages outlive whatever else is not.
      return text('ready\n')
    case '/metrics':
      if (!isOperator(request.headers.get('authorization'), options.operatorToken)) {
        return problem(401, 'Metrics need the operator’s token, or METRICS_PORT on this machine.')
      }
      return text(await options.metrics.text(), options.metrics.contentType)
    case '/robots.txt':
      return text(robots(options.site.url))
    case '/sitemap.xml': {
      const slugs = [...options.routes.list()].map((course) => course.slug).sort()
      const page = /^[1-9]\d{0,5}$/.exec(url.searchParams.get('page') ?? '')
      return text(
        sitemap(options.site.url, slugs, page ? Number(page[0]) : undefined),
        'application/xml; charset=utf-8',
      )
    }
    case '/api/openapi.json':
      return Response.json(await options.document.json(), {
        headers: { 'Cache-Control': 'no-cache', 'Access-Control-Allow-Origin': '*' },
      })
    case '/api/docs':
      return page(apiDocs(options.site, await options.document.json()))
    case '/kit':
      return page(kitDocument(options.site))
    case '/icon.svg':
      return text(icon, 'image/svg+xml')
    default:
      return undefined
  }
}

function page(html: readonly string[]): Response {
  return new Rendered({ status: 200, html, tags: [], cacheControl: 'no-cache' }).toResponse()
}

/** The mark: three columns, one beam, one of them dashed; dark ink or light, as the browser's own colours are. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>path{fill:#0a655a}@media(prefers-color-scheme:dark){path{fill:#63cdb8}}</style><path d="M2 4h28v5H2zM5 11h5v17H5zM13.5 11h5v17h-5zM22 11h5v3.4h-5zM22 17.8h5v3.4h-5zM22 24.6h5V28h-5z"/></svg>'
