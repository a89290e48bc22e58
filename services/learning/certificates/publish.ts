import type { Database } from '@colonnade/db'
import type { Certificate } from './certificate.ts'
import { credentialDocument } from './credential.ts'
import { didDocument, type Issuer, issuerOf, type Site } from './issuer.ts'
import { openKeys } from './keys.ts'
import { findCredential, findStatusList, keepCredential } from './queries.ts'
import { type Signer, signDocument } from './sign.ts'
import { listLength, statusListDocument } from './status-list.ts'

export type Publisher = {
  issuer(): Promise<Issuer>
  /** The signed credential of a certificate, as JSON text; the same for ever, until the issuer is another. */
  credential(certificate: Certificate & { learner: string }): Promise<string>
  /** A signed status list as JSON text; undefined when nothing was ever put in it. */
  statusList(list: number): Promise<string | undefined>
  /** The issuer's document with its public keys. */
  did(): Promise<string>
}

/** Signs what is asked for. The keys are made and read at the first need, so a database that is away stops no start. */
export function openPublisher(db: Database, site: Site): Publisher {
  let opened: Promise<Signer> | undefined
  const signer = () => {
    opened ??= openKeys(db)
      .then((keys) => ({ keys, issuer: issuerOf(site, keys) }))
      .catch((error: unknown) => {
        opened = undefined
        throw error
      })
    return opened
  }
  return {
    issuer: async () => (await signer()).issuer,
    async credential(certificate) {
      const { id, issuedAt } = certificate
      const by = await signer()
      const { did } = by.issuer
      const kept = await findCredential(db.hot, id, did)
      if (kept) return kept
      const signed = await signDocument(credentialDocument(by.issuer, certificate), by, issuedAt)
      await keepCredential(db.hot, id, { issuer: did, credential: JSON.stringify(signed) })
      return (await findCredential(db.hot, id, did)) ?? JSON.stringify(signed)
    },
    async statusList(list) {
      const from = list * listLength
      const state = await findStatusList(db.hot, { from, to: from + listLength })
      if (!state) return undefined
      const by = await signer()
      const document = await statusListDocument(by.issuer, list, state)
      return JSON.stringify(await signDocument(document, by, state.changedAt))
    },
    async did() {
      const { issuer, keys } = await signer()
      return JSON.stringify(didDocument(issuer, keys))
    },
  }
}
