import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Entry, type Made, TieredCache } from '@colonnade/cache'
import { defaultLanguage, type Language, localPath } from '@colonnade/ui'
import { compose, type PageRequest } from './compose.ts'
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

/** A page that holds copies or placeholders is not current: it is never served past its time. */
type Answer =
  | { kind: 'page'; page: Page; rendered: Rendered; current: boolean }
  | { kind: 'error'; rendered: Rendered }
  | { kind: 'redirect'; status: 301 | 302 | 308; location: string }

/** Answers page requests: from the cache when it can, else composed, once for all who ask at the same time. */
export class PageServer {
  private readonly cache: TieredCache<Answer>
  private readonly errors = new Map<string, Rendered>()

  constructor(
    private readonly options: {
      pages: readonly Page[]
      fragments: Fragments
      routes: RouteMap
      site: Site
      /** What pages may weigh together; 0: every page is made when it is asked for, once for all who ask at the same time. */
      cacheBytes: number
      onError(error: unknown, requestId: string): void
    },
  ) {
    this.cache = new TieredCache({
      maxBytes: options.cacheBytes,
      weigh: (page) => (page.kind === 'page' ? page.rendered.bytes : 500),
    })
  }

  /** Which page an address may be, by its shape; a language's home is one too. */
  find(path: string): Page | undefined {
    return matchPage(this.options.pages, splitLanguage(path).path)?.page
  }

  /**
   * Answers a GET or HEAD request with what is here: a page that is fresh, or one past its time but not past a write,
   * which is then made again behind the answer; or a redirect by language.
   * @param now `performance.now()`
   * @returns the page that was asked for, if it was answered
   */
  answerHere(
    req: IncomingMessage,
    res: ServerResponse,
    requestId: string,
    now: number,
  ): Page | undefined {
    const { path, search } = askedFor(req)
    if (path === '/' && redirectsByLanguage(req, path + search)) {
      const wanted = preferredLanguage(req.headers['accept-language'])
      if (wanted !== defaultLanguage) {
        redirect(res, 302, localPath(wanted, '/'), requestId, ['Vary', 'Accept-Language'])
        return this.find('/')
      }
    }
    // Without a query the address is its own cache key; no parsing stands before a hit.
    const cached = this.cache.get(search === '' ? path : this.keyOf(path, search), now)
    if (cached?.value.kind !== 'page') return undefined
    if (cached.freshUntil <= now) {
      if (!isServable(cached)) return undefined
      this.answer(path, search).catch((error: unknown) => this.options.onError(error, requestId))
    }
    cached.value.rendered.send(req, res, requestId)
    return cached.value.page
  }

  /** The page that a request asks for, when it is being made for others: it is no further work to wait for it too. */
  joins(req: IncomingMessage): Page | undefined {
    const { path, search } = askedFor(req)
    const making = this.cache.isMaking(this.keyOf(path, search))
    return making ? this.find(path) : undefined
  }

  /** Answers a request that could not be let in with the page as it last was, however old. */
  answerOld(req: IncomingMessage, res: ServerResponse, requestId: string): boolean {
    const { path, search } = askedFor(req)
    const cached = this.cache.get(this.keyOf(path, search))
    if (cached?.value.kind !== 'page') return false
    cached.value.rendered.send(req, res, requestId)
    return true
  }

  /** Answers a GET or HEAD request with a page that has to be made first. */
  serve(req: IncomingMessage, res: ServerResponse, requestId: string): void {
    const { path, search } = askedFor(req)
    this.answer(path, search)
      .then((answer) => {
        if (answer.kind === 'redirect') redirect(res, answer.status, answer.location, requestId)
        else answer.rendered.send(req, res, requestId)
      })
      .catch((error: unknown) => {
        this.options.onError(error, requestId)
        const { lang } = splitLanguage(path)
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
    this.cache.purge(tags)
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
    if (!match) return (await this.error(lang, 404)).value
    const query = countedQuery(match.page, search)
    const key = localPath(lang, path) + query
    const entry = this.cache.get(key)
    if (entry && entry.freshUntil > performance.now()) return entry.value
    const making = this.cache.obtain(key, () => this.make(match, lang, path, query))
    // Past its time but not past a write: served as it is, made again behind.
    if (entry && isServable(entry)) {
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
    const composed = await compose(
      request,
      this.options.fragments,
      this.options.site,
      this.options.cacheBytes > 0,
    )
    if (composed.kind === 'missing') return this.error(lang, 404)
    if (composed.kind === 'away') return this.error(lang, 503)
    if (composed.kind === 'moved') return redirected(localPath(lang, composed.location))
    const { rendered, freshUntil, current } = composed
    return {
      value: { kind: 'page', page: match.page, rendered, current },
      tags: rendered.tags,
      maxAgeMs: freshUntil - performance.now(),
      keep: true,
    }
  }

  private error(lang: Language, status: 404 | 503): Made<Answer> {
    const key = `${lang} ${status}`
    let rendered = this.errors.get(key)
    if (!rendered) {
      rendered = errorPage(this.options.site, lang, status)
      this.errors.set(key, rendered)
    }
    return passing({ kind: 'error', rendered })
  }
}

/** Told to those who asked, and not kept. */
const passing = (value: Answer): Made<Answer> => ({ value, tags: [], maxAgeMs: 0, keep: false })

const redirected = (location: string) => passing({ kind: 'redirect', status: 301, location })

/** Past its time at most: neither a write nor an absence is behind it. */
const isServable = ({ value, freshUntil }: Entry<Answer>) =>
  value.kind === 'page' && value.current && freshUntil > 0

function askedFor(req: IncomingMessage): { path: string; search: string } {
  const url = req.url ?? '/'
  const mark = url.indexOf('?')
  return mark < 0
    ? { path: url, search: '' }
    : { path: url.slice(0, mark), search: url.slice(mark) }
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
