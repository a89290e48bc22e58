import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import { cacheHeaders } from './cache-tags.ts'
import { problem } from './problem.ts'
import type {
  FragmentAnswer,
  FragmentRequest,
  FragmentSpec,
  PageMeta,
  RunningService,
} from './service.ts'

/** Headers by which a fragment tells the proxy what it is. Their names are part of the interface between hosts. */
export const fragmentHeaders = {
  name: 'Colonnade-Fragment',
  assets: 'Colonnade-Assets',
  tags: cacheHeaders.tags,
  meta: 'Colonnade-Meta',
  digest: 'Content-Digest',
} as const

/** Seconds that a fragment counts as fresh unless it says otherwise. */
export const defaultMaxAge = 60

/** Body digest (RFC 9530), by which half a body or somebody else's is told from a whole one. */
export const contentDigest = (body: string | Uint8Array) =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

/** The path of a fragment, its parameters in declared order: the proxy's cache key and the service's address. */
export function fragmentPath(
  service: string,
  name: string,
  spec: Pick<FragmentSpec, 'params'>,
  request: FragmentRequest,
): string {
  const query = new URLSearchParams()
  for (const param of spec.params) {
    const value = request.params[param]
    if (value !== undefined && value !== '') query.set(param, value)
  }
  query.set('lang', request.lang)
  return `/fragments/${service}/${name}?${query}`
}

/** Writes page metadata into a header: base64url, because titles are not ASCII. */
export const encodeMeta = (meta: PageMeta) =>
  Buffer.from(JSON.stringify(meta)).toString('base64url')

/**
 * Mounts a service's fragments at `/fragments/{service}/{name}`.
 * @param render one function per declared fragment
 * @returns the same fragments for a caller in this process, who needs no headers to be written and read again
 */
export function mountFragments<Name extends string>(
  app: Hono,
  service: { name: string; fragments: Record<Name, FragmentSpec> },
  assets: readonly string[],
  render: Record<Name, (request: FragmentRequest) => Promise<FragmentAnswer>>,
): NonNullable<RunningService['fragment']> {
  for (const name of Object.keys(service.fragments) as Name[]) {
    const { params } = service.fragments[name]
    app.get(`/fragments/${service.name}/${name}`, async (c) => {
      const given: Record<string, string> = {}
      for (const param of params) {
        const value = c.req.query(param)
        if (value) given[param] = value
      }
      const answer = await render[name]({ params: given, lang: c.req.query('lang') ?? 'en' })
      return toResponse(`${service.name}/${name}`, assets, answer)
    })
  }
  const byName: Record<string, (request: FragmentRequest) => Promise<FragmentAnswer>> = render
  return (name, request) => {
    const answer = byName[name]?.(request)
    return answer && { answer, assets }
  }
}

function toResponse(name: string, assets: readonly string[], answer: FragmentAnswer): Response {
  const tags = answer.tags ?? []
  const headers = new Headers({
    [fragmentHeaders.name]: name,
    [fragmentHeaders.tags]: tags.join(', '),
  })
  if (answer.status === 404) {
    const missing = problem(404)
    for (const [key, value] of headers) missing.headers.set(key, value)
    return missing
  }
  if (answer.status === 301) {
    headers.set('Location', answer.location)
    return new Response(null, { status: 301, headers })
  }
  headers.set('Cache-Control', `public, max-age=${answer.maxAge ?? defaultMaxAge}`)
  if (answer.meta) headers.set(fragmentHeaders.meta, encodeMeta(answer.meta))
  if (answer.status === 204) return new Response(null, { status: 204, headers })
  headers.set('Content-Type', 'text/html; charset=utf-8')
  headers.set(fragmentHeaders.assets, assets.join(', '))
  headers.set(fragmentHeaders.digest, contentDigest(answer.html))
  return new Response(answer.html, { headers })
}
