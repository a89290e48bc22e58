import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, vi } from 'vitest'

/** What a school says of one of its own. */
export type SchoolAccount = { email?: string; email_verified?: boolean; name?: string }

export const clientSecret = 'a client secret, long enough for a test'

/** A real OpenID Connect provider in this process, whose people the test makes up. */
export async function openSchool() {
  // It says on the console that it is not set up for production, which is so.
  vi.spyOn(console, 'info').mockImplementation(() => {})
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const accounts = new Map<string, SchoolAccount>()
  let answer: RequestListener = (_, res) => res.end()
  const server = createServer((req, res) => answer(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'colonnade',
        client_secret: clientSecret,
        redirect_uris: ['http://localhost:3000/sign-in/from/school'],
      },
    ],
    cookies: { keys: ['signs cookies of the school'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    findAccount: async (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...accounts.get(id) }),
    }),
    // Nobody is asked whether they agree.
    async loadExistingGrant({ oidc }) {
      const of = { clientId: oidc.client.clientId, accountId: oidc.session.accountId }
      const grant = new oidc.provider.Grant(of)
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  answer = provider.callback()
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  afterAll(async () => {
    server.closeAllConnections()
    await close()
  })

  /** Signs somebody in there, from where our page has sent them. @returns where they are sent back to */
  async function signIn(account: string, location: string): Promise<URL> {
    const cookies = new Map<string, string>()
    const ask = async (url: URL, form?: Record<string, string>) => {
      const sent = await fetch(url, {
        redirect: 'manual',
        headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
      })
      for (const cookie of sent.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        cookies.set(name, value)
      }
      const next = sent.headers.get('location')
      if (!next) throw new Error(`${url} answered ${sent.status}: ${await sent.text()}`)
      return new URL(next, url)
    }
    const form = await ask(new URL(location))
    let next = await ask(form, { prompt: 'login', login: account, password: 'any' })
    while (next.origin === issuer) next = await ask(next)
    return next
  }

  return {
    issuer,
    accounts,
    signIn,
    env: {
      OIDC_SCHOOL_ISSUER: issuer,
      OIDC_SCHOOL_CLIENT_ID: 'colonnade',
      OIDC_SCHOOL_CLIENT_SECRET: clientSecret,
      OIDC_SCHOOL_LABEL: 'The School',
    },
  }
}
