import type { Keys } from './keys.ts'

/** The site as it calls itself: its public origin and its name. */
export type Site = { url: string; name: string }

/** Whom credentials are from: the site, under a name that verifiers can look up. */
export type Issuer = Site & { did: string }

export const didPath = '/.well-known/did.json'

/** The site that settings make: COLONNADE_URL and SITE_NAME, which `ops` has checked. */
export function readSite(env: Record<string, string | undefined>): Site {
  const url = (env.COLONNADE_URL ?? `http://localhost:${env.PORT ?? 3000}`).replace(/\/+$/, '')
  return { url, name: env.SITE_NAME ?? 'Colonnade' }
}

/**
 * With https the issuer is `did:web:learn.example.org`: whoever looks it up reads `/.well-known/did.json` of that host.
 * Without, as while one tries things out, nobody could: then it is the key itself, which is in its own name.
 */
export function issuerOf(site: Site, { current }: Keys): Issuer {
  const { protocol, host } = new URL(site.url)
  const did = protocol === 'https:' ? `did:web:${encodeURIComponent(host)}` : `did:key:${current}`
  return { ...site, did }
}

/** Where a key is found in the issuer's document. */
export const keyId = ({ did }: Issuer, key: string) => `${did}#${key}`

/** The document behind the issuer's name: its keys, and that they may sign credentials. */
export function didDocument(issuer: Issuer, { published, current }: Keys): object {
  const keys = issuer.did.startsWith('did:key:') ? [current] : published
  const methods = keys.map((key) => ({
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
