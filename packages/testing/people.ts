import { keysPath, personHeader, personToken, type Role, uuidv7 } from '@colonnade/http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** People as accounts would vouch for them: what its keys' address answers, and headers that say who asks. */
export async function openPeople() {
  const { privateKey, publicKey } = await generateKeyPair(personToken.algorithm)
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] }
  return {
    keysPath,
    keys,
    async headersOf(person: string, ...roles: Role[]): Promise<Record<string, string>> {
      const token = await new SignJWT({
        roles: roles.length > 0 ? roles : ['learner'],
        sid: uuidv7(),
      })
        .setProtectedHeader({ alg: personToken.algorithm, kid: 'one' })
        .setIssuer(personToken.issuer)
        .setSubject(person)
        .setIssuedAt()
        .setExpirationTime('50s')
        .sign(privateKey)
      return { [personHeader]: token }
    },
  }
}
