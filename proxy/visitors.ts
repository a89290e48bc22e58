import { accountsClient, clientHeader, sessionOf } from '@colonnade/accounts/contract'
import {
  type Backend,
  isAway,
  isSafe,
  isSameOrigin,
  personHeader,
  problem,
  type Trust,
} from '@colonnade/http'
import { LRUCache } from 'lru-cache'

/** Tokens are asked for anew this long before they end, so that none ends on its way. */
const spareMs = 10_000

/**
 * Whether a request can go to its service as it came: it has no session, and names neither a person nor an address, which
 * only the door may. Accounts is always told the address.
 * @param header a header's value by its name in small letters
 */
export function isPlain(
  header: (name: string) => string | readonly string[] | null | undefined,
  owner: string,
): boolean {
  const cookie = header('cookie')
  const named = header(personHeader.toLowerCase()) ?? header(clientHeader.toLowerCase())
  return (
    owner !== 'accounts' &&
    sessionOf(typeof cookie === 'string' ? cookie : null) === undefined &&
    (named ?? undefined) === undefined
  )
}

/**
 * Finds out who asks, at the door, once for all services: the session's cookie is exchanged at accounts for a short-lived
 * signed token, which is kept until shortly before it ends. Services read the token and never see the cookie.
 * @param origin the site's public origin
 */
export function createVisitors(accounts: Backend, trust: Trust, origin: string) {
  const client = accountsClient(accounts, trust)
  const tokens = new LRUCache<string, { token: string | null }>({ max: 50_000 })
  const asking = new Map<string, Promise<string | null>>()

  /** Its token, or null where the session is none. Many requests at once ask once. */
  async function tokenOf(session: string): Promise<string | null> {
    const known = tokens.get(session)
    if (known) return known.token
    const asked = asking.get(session) ?? ask(session)
    asking.set(session, asked)
    try {
      return await asked
    } finally {
      asking.delete(session)
    }
  }

  async function ask(session: string): Promise<string | null> {
    const { token, seconds } = await client.exchange(session)
    // A session that is none now may be made up: it is looked at again soon, and does not fill the memory for long.
    tokens.set(session, { token }, { ttl: Math.max(1000, seconds * 1000 - spareMs) })
    return token
  }

  return {
    /**
     * The request as its service is to see it, or the refusal: a cookie never changes anything for a page of another
     * site (403). Without a session nothing is asked.
     * @param client the address of who asks
     */
    async know(request: Request, owner: string, client?: string): Promise<Request | Response> {
      const { headers } = request
      if (isPlain((name) => headers.get(name), owner)) return request
      const session = sessionOf(headers.get('cookie'))
      if (session !== undefined && !isSafe(request.method) && !isSameOrigin(request, origin)) {
        return problem(403, 'This came from a page of another site, so it was not done.')
      }
      const passed = new Headers(headers)
      passed.delete(personHeader)
      passed.delete(clientHeader)
      if (client !== undefined) passed.set(clientHeader, client)
      if (session !== undefined && owner !== 'accounts') {
        passed.delete('cookie')
        const token = await tokenOf(session).catch((error: unknown) => {
          if (isAway(error) || error instanceof Error) return undefined
          throw error
        })
        // Nobody is not the same as not known: what needs a person must not be refused for good.
        if (token === undefined && !isSafe(request.method)) {
          return problem(503, 'Who you are cannot be found out now. Try again in a moment.')
        }
        if (token) passed.set(personHeader, token)
      }
      return copyOf(request, passed)
    },
  }
}

/** The same with other headers, part by part: what the listener gives is no `Request` that another could be made of. */
function copyOf({ url, method, body }: Request, headers: Headers): Request {
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers,
    ...(isSafe(method) ? {} : { body, duplex: 'half' }),
  }
  return new Request(url, init)
}
