import { keysPath, type Person, personToken, personTokenLife } from '@colonnade/http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** Signs who somebody is, as accounts does: for tests of services that read it. */
export async function openPeople() {
  const { publicKey, privateKey } = await generateKeyPair(personToken.algorithm)
  const key = { ...(await exportJWK(publicKey)), kid: 'test', alg: personToken.algorithm }
  return {
    /** Where the keys are asked for, and the answer. */
    keysPath,
    keys: { keys: [key] },
    tokenOf: ({ id, roles, session, scopes }: Person) =>
      new SignJWT({ roles: [...roles], sid: session, ...(scopes ? { scopes } : {}) })
        .setProtectedHeader({ alg: personToken.algorithm, kid: key.kid })
        .setIssuer(personToken.issuer)
        .setSubject(id)
        .setIssuedAt()
        .setExpirationTime(`${personTokenLife}s`)
        .sign(privateKey),
  }
}
