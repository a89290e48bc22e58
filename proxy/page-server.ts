import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Made, TieredCache } from '@colonnade/cache'
import { defaultLanguage, findLanguage, type Language, languages, localPath } from '@colonnade/ui'
import { compose, type PageRequest } from './compose.ts'
import { errorPage } from './error-page.tsx'
import type { Fragments } from './fragments.ts'
import { matchPage, type Page, type PageMatch } from './pages.ts'
import { type Rendered, send, toResponse } from './rendered.ts'
import type { RouteMap } from './routes.ts'
import type { Site } from './site.ts'

/** A page that holds copies or placeholders is not current: it is never served past its time. */
type Answer =
  | { kind: 'rendered'; rendered: Rendered; current: boolean }
  | { kind: 'redirect'; status: 301 | 302 | 308; location: string }

/** Parameters longer than this are cut: no filter or search needs more. */
const longestParam = 200

/** Answers page requests: from the cache when it can, else composed, once for all who ask at the same time. */
export class PageServer {
  private readonly cache: TieredCache<Answer>

  constructor(
    private readonly options: {
      pages: readonly Page[]
      fragments: Fragments
      routes: RouteMap
      site: Site
      /** False: every page is made when it is asked for, once for all who ask at the same time. */
      cached: boolean
      onError(error: unknown, requestId: string): void
    },
  ) {
    this.cache = new TieredCache({
      maxBytes: 48 * 1024 * 1024,
      weigh: (page) => (page.kind === 'rendered' ? page.rendered.bytes : 500),
      off: !options.cached,
    })
  }

  /** Whether an address may be a page at all: it has a page's shape, or is the home of a language. */
  owns(path: string): boolean {
    return matchPage(this.options.pages, splitLanguage(path).path) !== undefined
  }

  /** Answers a GET or HEAD request. The usual case, a page from the cache, is synchronous. */
  serve(req: IncomingMessage, res: ServerResponse, requestId: string): void {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const rawPath = mark < 0 ? url : url.slice(0, mark)
    if (rawPath === '/' && redirectsByLanguage(req, url)) {
      const wanted = preferredLanguage(req.headers['accept-language'])
      if (wanted !== defaultLanguage) {
        redirect(res, 302, localPath(wanted, '/'), requestId, ['Vary', 'Accept-Language'])
        return
      }
    }
    // Without a query the address is its own cache key; no parsing stands before a hit.
    const cached = mark < 0 ? this.cache.get(rawPath) : undefined
    if (cached?.value.kind === 'rendered' && cached.freshUntil > Date.now()) {
      send(cached.value.rendered, req, res, requestId)
      return
    }
    this.answer(rawPath, mark < 0 ? '' : url.slice(mark))
      .then((answer) => {
        if (answer.kind === 'redirect') redirect(res, answer.status, answer.location, requestId)
        else send(answer.rendered, req, res, requestId)
      })
      .catch(async (error: unknown) => {
        this.options.onError(error, requestId)
        const { lang } = splitLanguage(rawPath)
        send(await errorPage(this.options.site, lang, 500, requestId), req, res, requestId)
      })
  }

  /** The page for an address that is none. */
  async notFound(request: Request, requestId: string): Promise<Response> {
    const { pathname } = new URL(request.url)
    const rendered = await errorPage(this.options.site, splitLanguage(pathname).lang, 404)
    const response = toResponse(rendered, request.method === 'HEAD')
    response.headers.set('X-Request-Id', requestId)
    return response
  }

  /** Ends the freshness of every page that shows one of the tags. */
  invalidate(tags: readonly string[]): void {
    this.cache.invalidate(tags)
  }

  purge(tags: readonly string[]): void {
    this.cache.purge(tags)
  }

  clear(): void {
    this.cache.clear()
  }

  get stats() {
    return this.cache.stats
  }

  private async answer(rawPath: string, search: string): Promise<Answer> {
    const { lang, path } = splitLanguage(rawPath)
    if (path !== '/' && path.endsWith('/')) {
      return {
        kind: 'redirect',
        status: 308,
        location: localPath(lang, path.replace(/\/+$/, '') || '/'),
      }
    }
    const match = matchPage(this.options.pages, path)
    if (!match) return (await this.error(lang, 404)).value
    const query = countedQuery(match.page, search)
    const key = localPath(lang, path) + query
    const entry = this.cache.get(key)
    if (entry && entry.freshUntil > Date.now()) return entry.value
    const making = this.cache.obtain(key, () => this.make(match, lang, path, query))
    // Past its time but not past a write: served as it is, made again behind.
    if (entry?.value.kind === 'rendered' && entry.value.current && entry.freshUntil > 0) {
      making.catch(() => {})
      return entry.value
    }
    return (await making).value
  }

  private async make(
    match: PageMatch,
    lang: Language,
    path: string,
    query: string,
  ): Promise<Made<Answer>> {
    const request: PageRequest = {
      page: match.page,
      params: { ...match.path, ...Object.fromEntries(new URLSearchParams(query)) },
      lang,
      path,
      query,
    }
    const { slug } = match.path
    if (slug !== undefined) {
      const resolved = await this.options.routes.resolve(safeDecode(slug))
      if (resolved.kind === 'unknown') return this.error(lang, 404)
      if (resolved.kind === 'away') return this.error(lang, 503)
      if (resolved.kind === 'moved') {
        const moved = path.replace(`/${slug}`, `/${encodeURIComponent(resolved.slug)}`)
        return redirected(localPath(lang, moved) + query)
      }
      request.params.course = String(resolved.course.id)
      if (match.page.name === 'course') request.known = resolved.course
    }
    const composed = await compose(request, this.options.fragments, this.options.site)
    if (composed.kind === 'missing') return this.error(lang, 404)
    if (composed.kind === 'away') return this.error(lang, 503)
    if (composed.kind === 'moved') return redirected(localPath(lang, composed.location))
    const { rendered, freshUntil, current } = composed
    return {
      value: { kind: 'rendered', rendered, current },
      tags: rendered.tags,
      maxAgeMs: freshUntil - Date.now(),
      keep: true,
    }
  }

  private async error(lang: Language, status: 404 | 503): Promise<Made<Answer>> {
    const rendered = await errorPage(this.options.site, lang, status)
    return passing({ kind: 'rendered', rendered, current: false })
  }
}

/** Told to those who asked, and not kept. */
const passing = (value: Answer): Made<Answer> => ({ value, tags: [], maxAgeMs: 0, keep: false })

const redirected = (location: string) => passing({ kind: 'redirect', status: 301, location })

/** The interface language an address names, and the address without it. */
function splitLanguage(path: string): { lang: Language; path: string } {
  const end = path.indexOf('/', 1)
  const first = path.slice(1, end < 0 ? undefined : end)
  const lang = languages.find((known) => known === first && known !== defaultLanguage)
  if (!lang) return { lang: defaultLanguage, path }
  return { lang, path: end < 0 ? '/' : path.slice(end) || '/' }
}

/** Only what the page declares counts, in one order: unknown parameters never reach a cache key. */
function countedQuery(page: Page, search: string): string {
  if (search === '') return ''
  const given = new URLSearchParams(search)
  const counted = new URLSearchParams()
  for (const name of page.params) {
    const value = given.get(name)?.slice(0, longestParam).toWellFormed()
    if (value) counted.set(name, value)
  }
  const query = counted.toString()
  return query === '' ? '' : `?${query}`
}

const redirectsByLanguage = (req: IncomingMessage, url: string) =>
  req.headers['accept-language'] !== undefined && !/[?&]lang=/.test(url)

/** The first of the reader's languages that we have, by weight (RFC 9110, 12.5.4). */
function preferredLanguage(accept: string | undefined): Language {
  const wanted = (accept ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';')
      const weight = params.find((param) => param.trim().startsWith('q='))
      return { tag, weight: weight ? Number(weight.trim().slice(2)) : 1 }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const lang = findLanguage(tag)
    if (lang) return lang
  }
  return defaultLanguage
}

function redirect(
  res: ServerResponse,
  status: number,
  location: string,
  requestId: string,
  headers: readonly string[] = [],
): void {
  // A location of ours is a path; `//elsewhere` would be another site.
  const safe = location.replace(/^\/{2,}/, '/')
  res.writeHead(status, [
    ...['Location', safe, 'Content-Length', '0', 'Cache-Control', 'public, max-age=0'],
    ...['X-Request-Id', requestId],
    ...headers,
  ])
  res.end()
}

function safeDecode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
