import type { Keys } from './keys.ts'

/** Whom credentials are from: the site, by its address. */
export type Issuer = {
  /** The public origin. */
  url: string
  name: string
  /** `did:web:learn.example.org`: whoever resolves it reads `/.well-known/did.json` of that host. */
  did: string
}

export const didPath = '/.well-known/did.json'

/** The issuer that settings make: COLONNADE_URL and SITE_NAME, which `ops` has checked. */
export function readIssuer(env: Record<string, string | undefined>): Issuer {
  const url = (env.COLONNADE_URL ?? `http://localhost:${env.PORT ?? 3000}`).replace(/\/+$/, '')
  return {
    url,
    name: env.SITE_NAME ?? 'Colonnade',
    did: `did:web:${encodeURIComponent(new URL(url).host)}`,
  }
}

/** Where a key is found in the issuer's document. */
export const keyId = ({ did }: Issuer, key: string) => `${did}#${key}`

/** The document behind the issuer's name: its keys, and that they may sign credentials. */
export function didDocument(issuer: Issuer, { published }: Keys): object {
  const methods = published.map((key) => ({
    id: keyId(issuer, key),
    type: 'Multikey',
    controller: issuer.did,
    publicKeyMultibase: key,
  }))
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: issuer.did,
    alsoKnownAs: [issuer.url],
    verificationMethod: methods,
    assertionMethod: methods.map(({ id }) => id),
  }
}
