import { createHash, timingSafeEqual } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

const digest = (value: string) => createHash('sha256').update(value).digest()

/** Of the one token that a process compares with. */
let expected = { token: '', digest: digest('') }

/** Whether the request carries the operator's bearer token; takes the same time for every wrong token. */
export function isOperator(authorization: string | null | undefined, token: string): boolean {
  if (expected.token !== token) expected = { token, digest: digest(token) }
  const given = authorization?.startsWith('Bearer ') ? authorization.slice(7) : ''
  return timingSafeEqual(digest(given), expected.digest) && token !== ''
}

/** Signs and checks what services say to each other. */
export type Trust = {
  /** The value of the `Authorization` header for a call to another service. */
  header(): Promise<string>
  check(authorization: string | null | undefined): Promise<boolean>
}

/** How long a token lives, and how far two clocks may be apart; seconds. */
const life = 300
const tolerance = 60

/**
 * Short-lived tokens signed with the installation's secret (JWT, HS256). One is made and reused for half its life;
 * the clocks of two hosts may be a minute apart. Beyond that a token is refused, whichever of the two is wrong: one
 * signed by a clock that was days ahead would otherwise be good for days.
 */
export function createTrust(secret: string): Trust {
  const key = createHash('sha256').update(`colonnade services ${secret}`).digest()
  let current: { value: string; at: number } | undefined
  const known = new Map<string, number>()
  const isTimely = (at: number) => {
    const age = Date.now() / 1000 - at
    return age >= -tolerance && age <= life + tolerance
  }
  return {
    async header() {
      const now = Date.now() / 1000
      // A clock that was set back makes what was signed before it one of the future.
      if (!current || now < current.at || now - current.at > life / 2) {
        const jwt = await new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer('colonnade')
          .setIssuedAt()
          .setExpirationTime(`${life}s`)
          .sign(key)
        current = { value: `Bearer ${jwt}`, at: now }
      }
      return current.value
    },
    async check(authorization) {
      if (!authorization?.startsWith('Bearer ')) return false
      const jwt = authorization.slice(7)
      const at = known.get(jwt)
      if (at !== undefined) return isTimely(at)
      try {
        const { payload } = await jwtVerify(jwt, key, {
          issuer: 'colonnade',
          maxTokenAge: life,
          clockTolerance: tolerance,
        })
        if (known.size > 100) known.clear()
        known.set(jwt, payload.iat ?? 0)
        return true
      } catch {
        return false
      }
    },
  }
}
