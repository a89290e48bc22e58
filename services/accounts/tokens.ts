import type { Database } from '@colonnade/db'
import { type Person, personToken, personTokenLife, uuidv7 } from '@colonnade/http'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { z } from 'zod'
import { keepSecret } from './queries/accounts.ts'

const keptKey = z.object({
  kid: z.string(),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
})

/** Signs who somebody is, for a little less than a minute, so that services need not ask us. */
export type Signer = {
  /** @param person with `scopes` for a program: it may do nothing else */
  sign(person: Person): Promise<string>
  /** The public half, as others may have it. */
  keys: { keys: JWK[] }
}

/** The key is made at the first start, and kept among our tables: every process signs with the same one. */
export async function openSigner({ work }: Database): Promise<Signer> {
  const made = await generateKeyPair(personToken.algorithm, { extractable: true })
  const fresh = { kid: uuidv7(), ...(await exportJWK(made.privateKey)) }
  const kept = keptKey.parse(await keepSecret(work, 'token key', fresh))
  const key = await importJWK(kept, personToken.algorithm)
  const { d: _, ...open } = kept
  return {
    keys: { keys: [{ ...open, use: 'sig', alg: personToken.algorithm }] },
    sign: ({ id, roles, session, scopes }) =>
      new SignJWT({ roles, sid: session, ...(scopes ? { scopes } : {}) })
        .setProtectedHeader({ alg: personToken.algorithm, kid: kept.kid })
        .setIssuer(personToken.issuer)
        .setSubject(id)
        .setIssuedAt()
        .setExpirationTime(`${personTokenLife}s`)
        .sign(key),
  }
}
