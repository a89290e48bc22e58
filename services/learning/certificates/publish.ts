import type { Database } from '@colonnade/db'
import type { Certificate } from './certificate.ts'
import { credentialDocument } from './credential.ts'
import { didDocument, type Issuer } from './issuer.ts'
import { type Keys, openKeys } from './keys.ts'
import { findCredential, findStatusList, keepCredential } from './queries.ts'
import { signDocument } from './sign.ts'
import { listLength, statusListDocument } from './status-list.ts'

export type Publisher = {
  /** The signed credential of a certificate, as JSON text; the same for ever, until the site's address changes. */
  credential(certificate: Certificate & { learner: string }): Promise<string>
  /** A signed status list as JSON text; undefined when nothing was ever put in it. */
  statusList(list: number): Promise<string | undefined>
  /** The issuer's document with its public keys. */
  did(): Promise<string>
}

/** Signs what is asked for. The keys are made and read at the first need, so a database that is away stops no start. */
export function openPublisher(db: Database, issuer: Issuer): Publisher {
  let opened: Promise<Keys> | undefined
  const keys = () => {
    opened ??= openKeys(db).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    async credential(certificate) {
      const { id, issuedAt } = certificate
      const kept = await findCredential(db.hot, id, issuer.did)
      if (kept) return kept
      const signed = await signDocument(credentialDocument(issuer, certificate), {
        issuer,
        keys: await keys(),
        created: issuedAt,
      })
      await keepCredential(db.hot, id, { issuer: issuer.did, credential: JSON.stringify(signed) })
      return (await findCredential(db.hot, id, issuer.did)) ?? JSON.stringify(signed)
    },
    async statusList(list) {
      const from = list * listLength
      const state = await findStatusList(db.hot, { from, to: from + listLength })
      if (!state) return undefined
      const document = await statusListDocument(issuer, list, state)
      const options = { issuer, keys: await keys(), created: state.changedAt }
      return JSON.stringify(await signDocument(document, options))
    },
    async did() {
      return JSON.stringify(didDocument(issuer, await keys()))
    },
  }
}
