import { askPeer, type Backend, type Trust } from '@colonnade/http'
import { z } from 'zod'

export { type Provider, providerSetting, readProviders } from './providers/settings.ts'

/** In this header the proxy tells accounts the address of who asks, so that guessing can be slowed. */
export const clientHeader = 'Colonnade-Client'

/** How cookies begin; better-auth adds the rest, and `__Secure-` where the site has https. */
export const cookiePrefix = 'colonnade'
const sessionCookie = new RegExp(
  `(?:^|;\\s*)(?:__Secure-)?${cookiePrefix}\\.session_token=([^;]{1,500})`,
)

/** The session that a `Cookie` header carries, signed as it is there; undefined when there is none. */
export function sessionOf(cookie: string | null): string | undefined {
  return cookie === null ? undefined : sessionCookie.exec(cookie)?.[1]
}

/** `token` is null for a session that is none; `seconds` is how long this answer holds. */
export const exchanged = z.object({ token: z.string().nullable(), seconds: z.number() })

export type AccountsClient = ReturnType<typeof accountsClient>

/** Accounts, as others of the installation talk to it. */
export function accountsClient(backend: Backend, trust: Trust) {
  return {
    /** A signed token for whom a session's cookie belongs to. */
    exchange: (session: string): Promise<z.infer<typeof exchanged>> =>
      askPeer(backend, trust, '/internal/exchange', exchanged, {
        method: 'POST',
        json: { session },
        budget: 1000,
      }),
    /** The same for an API token; `token` is null for one that has expired, was revoked, or was never one. */
    exchangeApiToken: (token: string): Promise<z.infer<typeof exchanged>> =>
      askPeer(backend, trust, '/internal/exchange-token', exchanged, {
        method: 'POST',
        json: { token },
        budget: 1000,
      }),
    /** An address that makes its first visitor an administrator, once, within a day. */
    makeAdminLink: (): Promise<{ path: string }> =>
      askPeer(backend, trust, '/internal/admin-link', z.object({ path: z.string() }), {
        method: 'POST',
        json: {},
        budget: 5000,
      }),
    /** How many administrators there are. */
    countAdministrators: (): Promise<{ count: number }> =>
      askPeer(backend, trust, '/internal/administrators', z.object({ count: z.int() }), {
        budget: 5000,
      }),
  }
}
