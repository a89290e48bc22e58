import { seeOther } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import {
  findLanguage,
  type Language,
  localPath,
  type MessageId,
  Notice,
  Sheet,
  translator,
} from '@colonnade/ui'
import { AuthorizationResponseError } from 'openid-client'
import { cookiePrefix } from '../contract.ts'
import css from '../elements/account.module.css'
import { personOf, type Unknown } from '../providers/person-of.ts'
import type { Identity } from '../providers/providers.ts'
import type { Provider } from '../providers/settings.ts'
import { askSecondStep, enter } from './enter.ts'
import { type Desk, safeNext, type Visit } from './visit.ts'

const keptCookie = `${cookiePrefix}.provider`
const kept = new RegExp(`(?:^|;\\s*)${cookiePrefix}\\.provider=([^;]{1,2000})`)

function setKept(value: string, { settings }: Desk): Headers {
  const secure = settings.url.startsWith('https:') ? '; Secure' : ''
  const age = value === '' ? 0 : 600
  const cookie = `${keptCookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`
  return new Headers({ 'Set-Cookie': cookie })
}

/** A cookie holds no more. */
const longestNext = 500

/** Sends the browser to a provider. A link, not a form: the policy of our pages lets forms lead to this site alone. */
export async function leaveForProvider(visit: Visit, desk: Desk): Promise<Response> {
  const provider = desk.providers.find(visit.query.get('provider') ?? '')
  if (!provider) return refused(visit, 404)
  const asked = safeNext(visit.query.get('next'))
  const next = asked && asked.length <= longestNext ? asked : undefined
  try {
    const { location, kept: value } = await desk.providers.begin(provider, {
      lang: visit.lang,
      next,
    })
    const headers = setKept(encodeURIComponent(value), desk)
    headers.set('Location', location)
    headers.set('Cache-Control', 'no-store')
    return new Response(null, { status: 303, headers })
  } catch (error) {
    desk.warn(error, 'a provider could not be asked to sign somebody in')
    return explain(visit, desk, provider, 'provider.away', 503)
  }
}

/** Somebody comes back from a provider, or says so. */
export async function comeFromProvider(visit: Visit, desk: Desk): Promise<Response> {
  const { pathname, search } = new URL(visit.request.url)
  const provider = desk.providers.find(pathname.slice(pathname.lastIndexOf('/') + 1))
  if (!provider) return refused(visit, 404)
  const value = kept.exec(visit.request.headers.get('cookie') ?? '')?.[1] ?? ''
  const begun = await desk.providers.readKept(provider, decode(value))
  if (!begun) return explain(visit, desk, provider, 'provider.notBegun')
  let identity: Identity
  try {
    identity = await desk.providers.finish(provider, search, begun)
  } catch (error) {
    if (error instanceof AuthorizationResponseError) {
      return explain(visit, desk, provider, 'provider.cancelled')
    }
    desk.warn(error, 'an answer of a provider was not taken')
    return explain(visit, desk, provider, 'provider.failed')
  }
  const there = inLanguage(visit, findLanguage(begun.lang) ?? visit.lang)
  const found = await personOf(desk.db.hot, identity, there.lang)
  if ('unknown' in found) return explain(visit, desk, provider, reasons[found.unknown])
  const { next } = begun
  const done = setKept('', desk).getSetCookie()
  const half = await askSecondStep(there, desk, found.person, next)
  if (!half) return await enter(there, desk, found.person, { next, more: done })
  for (const cookie of done) half.headers.append('Set-Cookie', cookie)
  return half
}

/** The provider knows one address to send people back to; they go on in the language they left in. */
function inLanguage(visit: Visit, lang: Language): Visit {
  const local = (path: string) => localPath(lang, path)
  const goTo: Visit['goTo'] = (path, headers) => seeOther(local(path), headers)
  return { ...visit, lang, t: translator(lang), local, goTo }
}

const reasons: Record<Unknown, MessageId> = {
  'no address': 'provider.noAddress',
  'not verified there': 'provider.notVerifiedThere',
  'not verified here': 'provider.notVerifiedHere',
}

/** Says why somebody was not let in, and what they can do. */
function explain(
  { t, local, page }: Visit,
  desk: Desk,
  { label }: Provider,
  why: MessageId,
  status = 422,
): Response {
  const title = t.t('account.signIn')
  const headers = setKept('', desk)
  if (status === 503) headers.set('Retry-After', '10')
  return page(
    <Sheet title={title}>
      <Notice kind="error">{t.t(why, { provider: label })}</Notice>
      <p className={css.aside}>
        <a href={local('/sign-in')}>{title}</a>
        <a href={local('/forgot')}>{t.t('account.forgot')}</a>
      </p>
    </Sheet>,
    title,
    { status, headers },
  )
}

/** What a browser sent; none of ours where it cannot be read. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}
