import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Backend } from './backend.ts'
import { Problem } from './problem.ts'
import { apiTokenOf, type Scope } from './scope.ts'

/** What a person may do, each role adding to the one before. */
export const roles = ['learner', 'instructor', 'administrator'] as const
export type Role = (typeof roles)[number]

/**
 * Who asks. `session` is the session's id, so that a service can tell two devices apart. `scopes` are there when it is a
 * program with an API token: it may do nothing else, and `session` is the token's id.
 */
export type Person = {
  id: string
  roles: readonly Role[]
  session: string
  scopes?: readonly string[] | undefined
}

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
  scopes: z.array(z.string()).optional(),
  exp: z.number(),
})
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) })

/** How often keys are asked for again, at most, when a token is signed with one that is not known. */
const askAgainMs = 10_000

export type People = {
  /** The person who is signed in; undefined for nobody, a session that has ended, or a program with an API token. */
  of(request: Request): Promise<Person | undefined>
  /** @throws Problem 401 when nobody is signed in, 403 when they have none of the roles */
  require(request: Request, ...anyOf: Role[]): Promise<Person>
  /**
   * Who may do what a scope stands for: somebody who is signed in and has its role, or a program with a token of theirs
   * that has the scope too.
   * @param by `token`: programs only
   * @throws Problem 401 for nobody, 403 without the role or the scope, 503 when it cannot be found out now
   */
  may(request: Request, scope: Scope, by?: 'anybody' | 'token'): Promise<Person>
}

/**
 * Tells a service who asks, without asking accounts: it reads the signed token that the proxy adds. The public keys are
 * read once, and again when an unknown one appears; a token that was verified is not verified again.
 * @param accounts the service that signs, wherever it runs: `context.peer('accounts')`
 */
export function readPeople(accounts: Backend): People {
  const verified = new LRUCache<string, Person & { until: number }>({
    maxSize: 10_000,
    sizeCalculation: () => 1,
  })
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
      const { sub: id, sid: session, roles: held, scopes, exp } = claims.parse(payload)
      const person: Person = { id, session, roles: held, ...(scopes ? { scopes } : {}) }
      verified.set(token, { ...person, until: exp * 1000 })
      return person
    } catch (error) {
      const unknownKey =
        error instanceof Error && 'code' in error && error.code === 'ERR_JWKS_NO_MATCHING_KEY'
      return unknownKey && !afresh ? await verify(token, true) : undefined
    }
  }

  async function read(request: Request): Promise<Person | undefined> {
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

  async function of(request: Request): Promise<Person | undefined> {
    const person = await read(request)
    return person?.scopes ? undefined : person
  }

  return {
    of,
    async may(request, { name, role }, by = 'anybody') {
      const person = await read(request)
      if (!person || (by === 'token' && !person.scopes)) throw unknown(request, name)
      if (person.scopes && !person.scopes.includes(name)) {
        throw new Problem(403, `This token lacks the scope ${name}.`, undefined, {
          'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${name}"`,
        })
      }
      if (!person.roles.some((held) => roles.indexOf(held) >= roles.indexOf(role))) {
        const whose = person.scopes ? ', which the token’s owner does not have' : ''
        throw new Problem(403, `This needs the role ${role}${whose}.`)
      }
      return person
    },
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

/** Nobody, or whose token could not be exchanged at the door, which refuses those that are none. */
function unknown(request: Request, scope: string): Problem {
  if (apiTokenOf(request.headers.get('authorization'))) {
    return new Problem(503, 'Whose token this is cannot be found out now. Try again in a moment.')
  }
  return new Problem(
    401,
    `Sign in, or send a token: Authorization: Bearer …, one of yours with the scope ${scope} (made at /account/tokens) or the operator’s.`,
  )
}
