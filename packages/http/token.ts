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

/**
 * Short-lived tokens signed with the installation's secret (JWT, HS256). One is made and reused for half its life;
 * the clocks of two hosts may be a minute apart.
 */
export function createTrust(secret: string): Trust {
  const key = createHash('sha256').update(`colonnade services ${secret}`).digest()
  const life = 300
  let current: { value: string; until: number } | undefined
  const known = new Map<string, number>()
  return {
    async header() {
      const now = Date.now() / 1000
      if (!current || current.until < now) {
        const jwt = await new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer('colonnade')
          .setIssuedAt()
          .setExpirationTime(`${life}s`)
          .sign(key)
        current = { value: `Bearer ${jwt}`, until: now + life / 2 }
      }
      return current.value
    },
    async check(authorization) {
      if (!authorization?.startsWith('Bearer ')) return false
      const jwt = authorization.slice(7)
      const until = known.get(jwt)
      if (until !== undefined && until > Date.now() / 1000) return true
      try {
        const { payload } = await jwtVerify(jwt, key, { issuer: 'colonnade', clockTolerance: 60 })
        if (known.size > 100) known.clear()
        known.set(jwt, payload.exp ?? 0)
        return true
      } catch {
        return false
      }
    },
  }
}
