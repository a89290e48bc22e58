import { isSafe, isSameOrigin, personalPage, seeOther } from '@colonnade/http'
import {
  findLanguage,
  type Language,
  localPath,
  renderHtml,
  type Translator,
  translator,
} from '@colonnade/ui'
import type { Hono } from 'hono'
import type { ReactNode } from 'react'
import { refused } from './refused.tsx'

/** One request for a personal page. */
export type Visit = {
  request: Request
  lang: Language
  t: Translator
  query: URLSearchParams
  /** A path of ours in the visitor's language. */
  local(path: string): string
  page(main: ReactNode, title: string, more?: { status?: number; headers?: Headers }): Response
  /** To a path of ours, after a form. */
  goTo(path: string, headers?: Headers): Response
}

/** What the personal pages of a service have in common. */
export type Frame = {
  /** The page's class is `page-{name}`. */
  name: string
  /** The service's built files. */
  assets: readonly string[]
}

export function readVisit(request: Request, lang: Language, { name, assets }: Frame): Visit {
  const local = (path: string) => localPath(lang, path)
  return {
    request,
    lang,
    t: translator(lang),
    query: new URL(request.url).searchParams,
    local,
    page: (main, title, more = {}) =>
      personalPage({ name, html: renderHtml(main), title, assets, ...more }),
    goTo: (path, headers) => seeOther(local(path), headers),
  }
}

/** What is said at an address: the visit, and the values of the address's `:names`. */
export type Handle = (
  visit: Visit,
  params: Readonly<Record<string, string>>,
) => Response | Promise<Response>

/**
 * Answers a personal page's address in every language. A POST is only taken when it comes from a page of ours.
 * @param path as in `ServiceDefinition.personal`
 */
export function mountPersonal(
  app: Hono,
  path: string,
  { frame, origin, get, post }: { frame: Frame; origin: string; get: Handle; post?: Handle },
): void {
  answerInEveryLanguage(app, path, async (request, lang, params) => {
    const visit = readVisit(request, lang, frame)
    if (isSafe(request.method)) return await get(visit, params)
    if (!isSameOrigin(request, origin)) return refused(visit, 403)
    return post ? await post(visit, params) : refused(visit, 404)
  })
}

/** GET and POST of an address, and of the same under the prefix of each other language. */
export function answerInEveryLanguage(
  app: Hono,
  path: string,
  answer: (request: Request, lang: Language, params: Record<string, string>) => Promise<Response>,
): void {
  app.on(['GET', 'POST'], path, (c) => answer(c.req.raw, 'en', c.req.param()))
  app.on(['GET', 'POST'], `/:lang{[a-z]{2}}${path}`, (c) => {
    const { lang: given, ...params } = c.req.param()
    const lang = findLanguage(given ?? '')
    return lang ? answer(c.req.raw, lang, params) : c.notFound()
  })
}

/** To the sign-in page, and back here afterwards. */
export function askToSignIn(visit: Pick<Visit, 'request' | 'goTo'>): Response {
  const { pathname, search } = new URL(visit.request.url)
  return visit.goTo(`/sign-in?next=${encodeURIComponent(pathname + search)}`)
}
