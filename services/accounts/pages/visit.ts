import type { Database } from '@colonnade/db'
import {
  isSafe,
  isSameOrigin,
  personalPage,
  type Role,
  readBody,
  type Scope,
  seeOther,
} from '@colonnade/http'
import {
  findLanguage,
  type Language,
  localPath,
  renderHtml,
  type Translator,
  translator,
} from '@colonnade/ui'
import type { Context, Hono } from 'hono'
import type { ReactNode } from 'react'
import type { Auth } from '../auth.ts'
import { clientHeader } from '../contract.ts'
import type { MailFolder } from '../mail/folder.ts'
import type { Providers } from '../providers/providers.ts'
import { findPerson, type PersonRow } from '../queries/accounts.ts'
import type { SecondFactors } from '../second-factor.ts'
import type { AccountsSettings } from '../settings.ts'
import { refused } from './refused.tsx'

/** What pages are made with. */
export type Desk = {
  db: Database
  auth: Auth
  settings: AccountsSettings
  folder: MailFolder
  assets: readonly string[]
  secondFactors: SecondFactors
  providers: Providers
  /** Tells the operator of what went wrong outside; never what anybody's secrets are. */
  warn(error: unknown, message: string): void
  /** What API tokens may be made for. */
  scopes: readonly Scope[]
}

export type SignedIn = { person: PersonRow; session: string; token: string }

/** One request for a personal page. */
export type Visit = {
  request: Request
  lang: Language
  t: Translator
  query: URLSearchParams
  /** What was sent with the form; empty for GET. */
  form: URLSearchParams
  client: string | undefined
  /** A path of ours in the visitor's language. */
  local(path: string): string
  signedIn(): Promise<SignedIn | undefined>
  page(main: ReactNode, title: string, more?: { status?: number; headers?: Headers }): Response
  /** To a path of ours, after a form. */
  goTo(path: string, headers?: Headers): Response
}

type Handle = (visit: Visit) => Response | Promise<Response>

const largestForm = 64 * 1024

/** Answers a page's address in every language; a form is only read when it comes from a page of ours. */
export function mountPage(
  app: Hono,
  desk: () => Promise<Desk>,
  path: string,
  handlers: { get: Handle; post?: Handle },
): void {
  const answer = async (c: Context, lang: Language) => {
    const visit = await readVisit(c.req.raw, await desk(), lang)
    if (isSafe(c.req.method)) return await handlers.get(visit)
    if (!isSameOrigin(c.req.raw, (await desk()).settings.url)) return refused(visit, 403)
    return handlers.post ? await handlers.post(visit) : refused(visit, 404)
  }
  app.on(['GET', 'POST'], path, (c) => answer(c, 'en'))
  app.on(['GET', 'POST'], `/:lang{[a-z]{2}}${path}`, (c) => {
    const lang = findLanguage(c.req.param('lang'))
    return lang ? answer(c, lang) : c.notFound()
  })
}

async function readVisit(request: Request, desk: Desk, lang: Language): Promise<Visit> {
  const { auth, db, assets } = desk
  const form = isSafe(request.method)
    ? ''
    : new TextDecoder().decode(await readBody(request, largestForm))
  const local = (path: string) => localPath(lang, path)
  let known: Promise<SignedIn | undefined> | undefined
  const signedIn = async () => {
    const found = await auth.api.getSession({ headers: request.headers })
    const person = found && (await findPerson(db.hot, found.user.id))
    return person ? { person, session: found.session.id, token: found.session.token } : undefined
  }
  return {
    request,
    lang,
    t: translator(lang),
    query: new URL(request.url).searchParams,
    form: new URLSearchParams(form),
    client: request.headers.get(clientHeader) ?? undefined,
    local,
    signedIn() {
      known ??= signedIn()
      return known
    },
    page: (main, title, more = {}) =>
      personalPage({ name: 'account', html: renderHtml(main), title, assets, ...more }),
    goTo: (path, headers) => seeOther(local(path), headers),
  }
}

/** Runs what only some may do; others are asked to sign in, or told that it is not theirs. */
export function only(
  role: Role,
  handle: (visit: Visit, who: SignedIn) => Response | Promise<Response>,
): Handle {
  return async (visit) => {
    const who = await visit.signedIn()
    const { pathname, search } = new URL(visit.request.url)
    if (!who) return seeOther(visit.local(`/sign-in?next=${encodeURIComponent(pathname + search)}`))
    return who.person.roles.includes(role) ? await handle(visit, who) : refused(visit, 403)
  }
}

/** Where to go on after signing in: a path of this site, never another one. */
export function safeNext(next: string | null): string | undefined {
  if (!next || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next)) return undefined
  return next
}
