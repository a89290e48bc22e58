import { accountsClient } from '@colonnade/accounts/contract'
import {
  apiTokenOf,
  type Backend,
  isAway,
  isSafe,
  personHeader,
  problem,
  type Trust,
} from '@colonnade/http'
import { LRUCache } from 'lru-cache'

/** Tokens are not used any more this long before they end, so that none ends on its way. */
const spareMs = 10_000

/** `renewAt` of `performance.now()`: from then on the next one is asked for, behind the answer. */
type Held = { token: string | null; renewAt: number }

export type Exchange = {
  /** The signed token for a session, null where the session is none, undefined while accounts is away. */
  session(session: string): Promise<string | null | undefined>
  /**
   * Puts a signed token in the place of an API token. While accounts is away the headers stay as they are: what is open to
   * all goes on, and a service that has to know who asks says that it cannot.
   * @returns the refusal of a token that is none (401)
   */
  apiToken(headers: Headers): Promise<Response | undefined>
}

/**
 * Exchanges what browsers and programs hold for short-lived signed tokens, asked of accounts and kept until shortly before
 * they end. Many requests at once ask once; and a class that began together does not ask again together: each token is
 * renewed at a moment of its own in the second half of its time.
 */
export function createExchange(accounts: Backend, trust: Trust): Exchange {
  const client = accountsClient(accounts, trust)
  const tokens = new LRUCache<string, Held>({ maxSize: 50_000, sizeCalculation: () => 1 })
  const asking = new Map<string, Promise<string | null>>()

  async function tokenFor(held: string, ask: typeof client.exchange) {
    const known = tokens.get(held)
    if (known) {
      if (known.token !== null && known.renewAt <= performance.now()) {
        // While accounts is away the token serves to the end of its time, and accounts is asked once a second, not by all.
        known.renewAt = performance.now() + 1000
        askOnce(held, ask).catch(() => {})
      }
      return known.token
    }
    try {
      return await askOnce(held, ask)
    } catch (error) {
      if (isAway(error) || error instanceof Error) return undefined
      throw error
    }
  }

  function askOnce(held: string, ask: typeof client.exchange): Promise<string | null> {
    const asked = asking.get(held) ?? keep(held, ask(held)).finally(() => asking.delete(held))
    asking.set(held, asked)
    return asked
  }

  async function keep(held: string, asked: ReturnType<typeof client.exchange>) {
    const { token, seconds } = await asked
    // What is none now may be made up: it is looked at again soon, and does not fill the memory for long.
    const ttl = Math.max(1000, seconds * 1000 - spareMs)
    const renewAt = performance.now() + ttl * (0.5 + Math.random() / 2)
    tokens.set(held, { token, renewAt }, { ttl })
    return token
  }

  return {
    session: (session) => tokenFor(session, client.exchange),
    async apiToken(headers) {
      const held = apiTokenOf(headers.get('authorization'))
      if (held === undefined) return undefined
      const token = await tokenFor(held, client.exchangeApiToken)
      if (token === null) {
        return problem(
          401,
          'This API token has expired, was revoked, or was never one. /account/tokens makes another.',
          { headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } },
        )
      }
      if (token !== undefined) {
        headers.delete('authorization')
        headers.set(personHeader, token)
      }
      return undefined
    },
  }
}

/** The same with other headers, part by part: what the listener gives is no `Request` that another could be made of. */
export function withHeaders({ url, method, body }: Request, headers: Headers): Request {
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers,
    ...(isSafe(method) ? {} : { body, duplex: 'half' }),
  }
  return new Request(url, init)
}
