import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Backend } from './backend.ts'
import { Problem } from './problem.ts'

/** What a person may do, each role adding to the one before. */
export const roles = ['learner', 'instructor', 'administrator'] as const
export type Role = (typeof roles)[number]

/** Who asks. `session` is the session's id, so that a service can tell two devices apart. */
export type Person = { id: string; roles: readonly Role[]; session: string }

/** The header in which the proxy hands a person's token to a service. Clients cannot set it: the proxy takes it off. */
export const personHeader = 'Colonnade-Person'
/** Who signs it, and for whom. */
export const personToken = { issuer: 'colonnade accounts', algorithm: 'EdDSA' } as const
/** Seconds a token lives. A session that is revoked stops working when its last token ends. */
export const personTokenLife = 50
/** Where accounts publishes its public keys. */
export const keysPath = '/.well-known/jwks.json'

const claims = z.object({
  sub: z.uuid(),
  sid: z.string(),
  roles: z.array(z.enum(roles)).catch(['learner']),
  exp: z.number(),
})
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) })

/** How often keys are asked for again, at most, when a token is signed with one that is not known. */
const askAgainMs = 10_000

export type People = {
  /** The person a request is from, or undefined: nobody, or a token that is no longer good. */
  of(request: Request): Promise<Person | undefined>
  /** @throws Problem 401 when nobody is signed in, 403 when they have none of the roles */
  require(request: Request, ...anyOf: Role[]): Promise<Person>
}

/**
 * Tells a service who asks, without asking accounts: it reads the signed token that the proxy adds. The public keys are
 * read once, and again when an unknown one appears; a token that was verified is not verified again.
 * @param accounts the service that signs, wherever it runs: `context.peer('accounts')`
 */
export function readPeople(accounts: Backend): People {
  const verified = new LRUCache<string, Person & { until: number }>({ max: 10_000 })
  let keys: Promise<ReturnType<typeof createLocalJWKSet>> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function ask() {
    const answer = await accounts.fetch(keysPath, { signal: AbortSignal.timeout(1000) })
    if (!answer.ok) throw new Error(`accounts answered ${answer.status} for its keys`)
    const set: JSONWebKeySet = keySet.parse(await answer.json())
    return createLocalJWKSet(set)
  }

  /** @param afresh a token was signed with a key that those known do not hold */
  function currentKeys(afresh: boolean) {
    if (!keys || (afresh && performance.now() - askedAt > askAgainMs)) {
      askedAt = performance.now()
      const asked = ask()
      asked.catch(() => {
        if (keys === asked) keys = undefined
      })
      keys = asked
    }
    return keys
  }

  async function verify(token: string, afresh = false): Promise<Person | undefined> {
    const known = await currentKeys(afresh)
    try {
      const { payload } = await jwtVerify(token, known, {
        issuer: personToken.issuer,
        algorithms: [personToken.algorithm],
        maxTokenAge: personTokenLife,
        // What a token's life leaves of the minute within which a session's end is known.
        clockTolerance: 10,
      })
      const { sub: id, sid: session, roles: held, exp } = claims.parse(payload)
      verified.set(token, { id, session, roles: held, until: exp * 1000 })
      return { id, session, roles: held }
    } catch (error) {
      const unknownKey =
        error instanceof Error && 'code' in error && error.code === 'ERR_JWKS_NO_MATCHING_KEY'
      return unknownKey && !afresh ? await verify(token, true) : undefined
    }
  }

  async function of(request: Request): Promise<Person | undefined> {
    const token = request.headers.get(personHeader)
    if (!token) return undefined
    const known = verified.get(token)
    if (!known) return await verify(token)
    if (known.until <= Date.now()) {
      verified.delete(token)
      return undefined
    }
    const { until: _, ...person } = known
    return person
  }

  return {
    of,
    async require(request, ...anyOf) {
      const person = await of(request)
      if (!person) throw new Problem(401, 'Sign in first.')
      if (anyOf.length > 0 && !anyOf.some((role) => person.roles.includes(role))) {
        throw new Problem(403, `Only for: ${anyOf.join(', ')}.`)
      }
      return person
    },
  }
}
