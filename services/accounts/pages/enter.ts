import { randomBytes } from 'node:crypto'
import { seeOther } from '@colonnade/http'
import { cookiePrefix } from '../contract.ts'
import { withHint } from '../cookies.ts'
import { digestOf } from '../digest.ts'
import { addHalfSignIn } from '../queries/second-factor.ts'
import type { Desk, Visit } from './visit.ts'

/** Carries who is half signed in; of no use to anything but the second step. */
const halfCookie = `${cookiePrefix}.half_sign_in`
const half = new RegExp(`(?:^|;\\s*)${cookiePrefix}\\.half_sign_in=([\\w-]{43})(?:;|$)`)

/** What the cookie of a half sign-in holds. */
export const halfSignInOf = (request: Request): string | undefined =>
  half.exec(request.headers.get('cookie') ?? '')?.[1]

/** @param value empty to take the cookie away */
export function halfSignInCookie(value: string, { settings }: Desk): string {
  const secure = settings.url.startsWith('https:') ? '; Secure' : ''
  const age = value === '' ? 0 : 600
  return `${halfCookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`
}

/**
 * Where to go when somebody has shown who they are, but for the second step.
 * @returns undefined when they have no second factor
 */
export async function askSecondStep(
  visit: Visit,
  desk: Desk,
  person: string,
  next?: string,
): Promise<Response | undefined> {
  if (!(await desk.secondFactors.isOn(person))) return undefined
  const ticket = randomBytes(32).toString('base64url')
  await addHalfSignIn(desk.db.hot, digestOf(ticket), person)
  const cookies = new Headers({ 'Set-Cookie': halfSignInCookie(ticket, desk) })
  const query = next ? `?next=${encodeURIComponent(next)}` : ''
  return visit.goTo(`/sign-in/second-step${query}`, cookies)
}

/**
 * Begins a session, always a new one, and goes on.
 * @param more cookies to set beside it
 */
export async function enter(
  visit: Visit,
  { auth }: Desk,
  person: string,
  { next, more = [] }: { next?: string | undefined; more?: readonly string[] } = {},
): Promise<Response> {
  const { headers } = await auth.api.startSession({
    body: { person },
    headers: visit.request.headers,
    returnHeaders: true,
  })
  const cookies = withHint(headers)
  for (const cookie of more) cookies.append('Set-Cookie', cookie)
  return next ? seeOther(next, cookies) : visit.goTo('/account', cookies)
}
