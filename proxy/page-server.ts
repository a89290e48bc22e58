import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Entry, Flights, TaggedCache } from '@colonnade/cache'
import { defaultLanguage, type Language, localPath } from '@colonnade/ui'
import { type Composed, compose, type PageRequest } from './compose.ts'
import { errorPage } from './error-page.tsx'
import type { Fragments } from './fragments.ts'
import {
  countedQuery,
  preferredLanguage,
  redirectsByLanguage,
  safeDecode,
  splitLanguage,
} from './page-address.ts'
import { matchPage, type Page, type PageMatch } from './pages.ts'
import type { Rendered } from './rendered.ts'
import type { RouteMap } from './routes.ts'
import type { Site } from './site.ts'

/** A page in the cache. One that holds copies or placeholders is not current: it is never served past its time. */
type CachedPage = { rendered: Rendered; current: boolean }

type Answer =
  | { kind: 'rendered'; rendered: Rendered }
  | { kind: 'redirect'; status: 301 | 302 | 308; location: string }

/** Answers page requests: from the cache when it can, else composed, once for all who ask at the same time. */
export class PageServer {
  private readonly cache = new TaggedCache<CachedPage>({
    maxBytes: 48 * 1024 * 1024,
    weigh: (page) => page.rendered.bytes,
  })
  private readonly flights = new Flights<Answer>()
  private readonly errors = new Map<string, Rendered>()

  constructor(
    private readonly options: {
      pages: readonly Page[]
      fragments: Fragments
      routes: RouteMap
      site: Site
      onError(error: unknown, requestId: string): void
    },
  ) {}

  /** Whether an address may be a page at all: it has a page's shape, or is the home of a language. */
  owns(path: string): boolean {
    return matchPage(this.options.pages, splitLanguage(path).path) !== undefined
  }

  /**
   * Answers a GET or HEAD request with what is here: a page that is fresh, or one past its time but not past a write,
   * which is then made again behind the answer; or a redirect by language.
   */
  answerHere(req: IncomingMessage, res: ServerResponse, requestId: string): boolean {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const rawPath = mark < 0 ? url : url.slice(0, mark)
    if (rawPath === '/' && redirectsByLanguage(req, url)) {
      const wanted = preferredLanguage(req.headers['accept-language'])
      if (wanted !== defaultLanguage) {
        redirect(res, 302, localPath(wanted, '/'), requestId, ['Vary', 'Accept-Language'])
        return true
      }
    }
    // Without a query the address is its own cache key; no parsing stands before a hit.
    const search = mark < 0 ? '' : url.slice(mark)
    const cached = this.cache.get(mark < 0 ? rawPath : this.keyOf(rawPath, search))
    if (!cached) return false
    if (cached.freshUntil <= Date.now()) {
      if (!isServable(cached)) return false
      this.answer(rawPath, search).catch((error: unknown) => this.options.onError(error, requestId))
    }
    cached.value.rendered.send(req, res, requestId)
    return true
  }

  /** Answers a request that could not be let in with the page as it last was, however old. */
  answerOld(req: IncomingMessage, res: ServerResponse, requestId: string): boolean {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const cached = this.cache.get(this.keyOf(path, mark < 0 ? '' : url.slice(mark)))
    if (cached) cached.value.rendered.send(req, res, requestId)
    return cached !== undefined
  }

  /** Answers a GET or HEAD request with a page that has to be made first. */
  serve(req: IncomingMessage, res: ServerResponse, requestId: string): void {
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const rawPath = mark < 0 ? url : url.slice(0, mark)
    this.answer(rawPath, mark < 0 ? '' : url.slice(mark))
      .then((answer) => {
        if (answer.kind === 'redirect') redirect(res, answer.status, answer.location, requestId)
        else answer.rendered.send(req, res, requestId)
      })
      .catch((error: unknown) => {
        this.options.onError(error, requestId)
        const { lang } = splitLanguage(rawPath)
        errorPage(this.options.site, lang, 500, requestId).send(req, res, requestId)
      })
  }

  /** The page for an address that is none. */
  notFound(request: Request, requestId: string): Response {
    const { pathname } = new URL(request.url)
    const rendered = errorPage(this.options.site, splitLanguage(pathname).lang, 404)
    const response = rendered.toResponse(request.method === 'HEAD')
    response.headers.set('X-Request-Id', requestId)
    return response
  }

  /** Ends the freshness of every page that shows one of the tags. */
  invalidate(tags: readonly string[]): void {
    this.cache.invalidate(tags)
  }

  purge(tags: readonly string[]): void {
    for (const key of this.cache.invalidate(tags)) this.cache.delete(key)
  }

  clear(): void {
    this.cache.clear()
  }

  get stats() {
    return this.cache.stats
  }

  /** The key of a page's address; one that is no page's finds nothing. */
  private keyOf(rawPath: string, search: string): string {
    const { lang, path } = splitLanguage(rawPath)
    const match = search === '' ? undefined : matchPage(this.options.pages, path)
    return localPath(lang, path) + (match ? countedQuery(match.page, search) : '')
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
    if (!match) return this.error(lang, 404)
    const query = countedQuery(match.page, search)
    const key = localPath(lang, path) + query
    const entry = this.cache.get(key)
    if (entry && entry.freshUntil > Date.now()) {
      return { kind: 'rendered', rendered: entry.value.rendered }
    }
    const making = this.flights.join(key, () => this.make(key, match, lang, path, query))
    // Past its time but not past a write: served as it is, made again behind.
    if (entry && isServable(entry)) {
      making.catch(() => {})
      return { kind: 'rendered', rendered: entry.value.rendered }
    }
    return await making
  }

  private async make(
    key: string,
    match: PageMatch,
    lang: Language,
    path: string,
    query: string,
  ): Promise<Answer> {
    const begun = this.cache.begin()
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
        return { kind: 'redirect', status: 301, location: localPath(lang, moved) + query }
      }
      request.params.course = String(resolved.course.id)
      if (match.page.name === 'course') request.known = resolved.course
    }
    const composed = await compose(request, this.options.fragments, this.options.site)
    return this.keep(key, composed, lang, begun)
  }

  private keep(key: string, composed: Composed, lang: Language, begun: number): Answer {
    if (composed.kind === 'missing') return this.error(lang, 404)
    if (composed.kind === 'away') return this.error(lang, 503)
    if (composed.kind === 'moved') {
      return { kind: 'redirect', status: 301, location: localPath(lang, composed.location) }
    }
    const { rendered, freshUntil, current } = composed
    this.cache.set(
      key,
      { rendered, current },
      {
        tags: rendered.tags,
        maxAgeMs: freshUntil - Date.now(),
        begun,
      },
    )
    return { kind: 'rendered', rendered }
  }

  private error(lang: Language, status: 404 | 503): Answer {
    const key = `${lang} ${status}`
    let rendered = this.errors.get(key)
    if (!rendered) {
      rendered = errorPage(this.options.site, lang, status)
      this.errors.set(key, rendered)
    }
    return { kind: 'rendered', rendered }
  }
}

/** Past its time at most: neither a write nor an absence is behind it. */
const isServable = ({ value, freshUntil }: Entry<CachedPage>) => value.current && freshUntil > 0

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
