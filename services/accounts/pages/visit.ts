import type { Database } from '@colonnade/db'
import {
  isSafe,
  isSameOrigin,
  type Role,
  readBody,
  type Scope,
  type ServiceContext,
} from '@colonnade/http'
import type { MediaClient } from '@colonnade/media/contract'
import {
  answerInEveryLanguage,
  askToSignIn,
  type Visit as PersonalVisit,
  readVisit as readPersonalVisit,
  refused,
} from '@colonnade/personal'
import type { Language } from '@colonnade/ui'
import type { Hono } from 'hono'
import type { Auth } from '../auth.ts'
import { clientHeader } from '../contract.ts'
import type { Erasures } from '../leaving/erasures.ts'
import type { Keepers } from '../leaving/keepers.ts'
import type { MailFolder } from '../mail/folder.ts'
import type { Post } from '../mail/post.ts'
import type { Unsubscribe } from '../mail/unsubscribe.ts'
import type { Providers } from '../providers/providers.ts'
import { findPerson, type PersonRow } from '../queries/accounts.ts'
import type { SecondFactors } from '../second-factor.ts'
import type { AccountsSettings } from '../settings.ts'

/** What pages are made with. */
export type Desk = {
  db: Database
  auth: Auth
  settings: AccountsSettings
  folder: MailFolder
  post: Post
  unsubscribe: Unsubscribe
  media: MediaClient
  keepers: Keepers
  erasures: Erasures
  log: ServiceContext['log']
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
export type Visit = PersonalVisit & {
  /** What was sent with the form; empty for GET. */
  form: URLSearchParams
  client: string | undefined
  signedIn(): Promise<SignedIn | undefined>
}

type Handle = (visit: Visit) => Response | Promise<Response>

/** `isFile`: the handler reads what was sent itself, since it is a file and no form. */
type Handlers = { get: Handle; post?: Handle; fromAnywhere?: boolean; isFile?: boolean }

const largestForm = 64 * 1024

/**
 * Answers a page's address in every language; a form is only read when it comes from a page of ours, or from anywhere where
 * no cookie counts.
 */
export function mountPage(
  app: Hono,
  desk: () => Promise<Desk>,
  path: string,
  handlers: Handlers,
): void {
  answerInEveryLanguage(app, path, async (request, lang) => {
    const visit = await readVisit(request, await desk(), lang, handlers.isFile)
    if (isSafe(request.method)) return await handlers.get(visit)
    const isOurs = handlers.fromAnywhere || isSameOrigin(request, (await desk()).settings.url)
    if (!isOurs) return refused(visit, 403)
    return handlers.post ? await handlers.post(visit) : refused(visit, 404)
  })
}

async function readVisit(
  request: Request,
  desk: Desk,
  lang: Language,
  isFile = false,
): Promise<Visit> {
  const { auth, db, assets } = desk
  const form =
    isSafe(request.method) || isFile
      ? ''
      : new TextDecoder().decode(await readBody(request, largestForm))
  let known: Promise<SignedIn | undefined> | undefined
  const signedIn = async () => {
    const found = await auth.api.getSession({ headers: request.headers })
    const person = found && (await findPerson(db.hot, found.user.id))
    return person ? { person, session: found.session.id, token: found.session.token } : undefined
  }
  return {
    ...readPersonalVisit(request, lang, { name: 'account', assets }),
    form: new URLSearchParams(form),
    client: request.headers.get(clientHeader) ?? undefined,
    signedIn() {
      known ??= signedIn()
      return known
    },
  }
}

/** Runs what only some may do; others are asked to sign in, or told that it is not theirs. */
export function only(
  role: Role,
  handle: (visit: Visit, who: SignedIn) => Response | Promise<Response>,
): Handle {
  return async (visit) => {
    const who = await visit.signedIn()
    if (!who) return askToSignIn(visit)
    return who.person.roles.includes(role) ? await handle(visit, who) : refused(visit, 403)
  }
}

/** Where to go on after signing in: a path of this site, never another one. */
export function safeNext(next: string | null): string | undefined {
  if (!next || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next)) return undefined
  return next
}

/** A path that knows where to go on after it. */
export const withNext = (path: string, next: string | undefined): string =>
  next ? `${path}?next=${encodeURIComponent(next)}` : path
