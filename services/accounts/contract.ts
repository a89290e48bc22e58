import { askPeer, type Backend, type Trust, text } from '@colonnade/http'
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

/** A person, as services that know their id may name and reach them. */
export const addressee = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  language: z.string(),
  timeZone: z.string(),
})
export type Addressee = z.infer<typeof addressee>

/**
 * Kinds of mails that other services send, each of which a person may refuse: something is due, work was marked, a
 * certificate was earned, news about a course.
 */
export const mailKinds = ['due', 'marked', 'certificate', 'course'] as const
export type MailKind = (typeof mailKinds)[number]

const line = (max: number) => text(max).refine((one) => !/[\r\n]/.test(one), 'is more than a line')

/** A mail of another service. `text` is plain, in the person's language; how to refuse the next one is added. */
export const notice = z.object({
  person: z.uuid(),
  kind: z.enum(mailKinds),
  subject: line(200),
  text: text(20_000),
  /** Names this very mail, with the service first (`learning:due:…`): it is queued once, however often it is sent. */
  key: line(200),
})
export type Notice = z.infer<typeof notice>

/** What became of it. Refused ones are not kept: should the person change their mind, the next one goes. */
export const noticeState = z.enum(['queued', 'known', 'refused', 'nobody'])
export type NoticeState = z.infer<typeof noticeState>

/** How many people are asked for at once, so that an address stays an address. */
const idsAtOnce = 100

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
    /** Those of the ids that are people, in no order; any number of them. */
    async listPeople(ids: readonly string[]): Promise<Addressee[]> {
      const parts: Promise<Addressee[]>[] = []
      for (let i = 0; i < ids.length; i += idsAtOnce) {
        const some = ids.slice(i, i + idsAtOnce).join(',')
        const path = `/internal/people?ids=${encodeURIComponent(some)}`
        parts.push(askPeer(backend, trust, path, z.array(addressee), { budget: 1000 }))
      }
      return (await Promise.all(parts)).flat()
    },
    /** Queues a mail to somebody, once for each key, unless they refuse its kind. */
    sendMail: async (mail: Notice): Promise<NoticeState> => {
      const answer = z.object({ state: noticeState })
      const question = { method: 'POST', json: mail, budget: 2000 } as const
      return (await askPeer(backend, trust, '/internal/mails', answer, question)).state
    },
    /** How many administrators there are. */
    countAdministrators: (): Promise<{ count: number }> =>
      askPeer(backend, trust, '/internal/administrators', z.object({ count: z.int() }), {
        budget: 5000,
      }),
  }
}
