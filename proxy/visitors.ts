import { clientHeader, sessionOf } from '@colonnade/accounts/contract'
import { apiTokenOf, isSafe, isSameOrigin, personHeader, problem } from '@colonnade/http'
import { type Exchange, withHeaders } from './exchange.ts'

/**
 * Whether a request can go to its service as it came: it has no session and no API token, and names neither a person nor
 * an address, which only the door may. Accounts is always told the address.
 * @param header a header's value by its name in small letters
 */
export function isPlain(
  header: (name: string) => string | readonly string[] | null | undefined,
  owner: string,
): boolean {
  const cookie = header('cookie')
  const authorization = header('authorization')
  const named = header(personHeader.toLowerCase()) ?? header(clientHeader.toLowerCase())
  return (
    owner !== 'accounts' &&
    sessionOf(typeof cookie === 'string' ? cookie : null) === undefined &&
    apiTokenOf(typeof authorization === 'string' ? authorization : null) === undefined &&
    (named ?? undefined) === undefined
  )
}

/**
 * Finds out who asks, at the door, once for all services: the session's cookie or the API token is exchanged for a
 * short-lived signed token. Services read that one and see neither. A request with both is the program's.
 * @param origin the site's public origin
 */
export function createVisitors(exchange: Exchange, origin: string) {
  return {
    /**
     * The request as its service is to see it, or the refusal: a cookie never changes anything for a page of another
     * site (403), and an API token is one (401). Without either nothing is asked.
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
      if (session !== undefined && owner !== 'accounts') passed.delete('cookie')
      if (apiTokenOf(headers.get('authorization'))) {
        return (await exchange.apiToken(passed)) ?? withHeaders(request, passed)
      }
      if (session !== undefined && owner !== 'accounts') {
        const token = await exchange.session(session)
        // Nobody is not the same as not known: what needs a person must not be refused for good.
        if (token === undefined && !isSafe(request.method)) {
          return problem(503, 'Who you are cannot be found out now. Try again in a moment.')
        }
        if (token) passed.set(personHeader, token)
      }
      return withHeaders(request, passed)
    },
  }
}
