import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { statusListPath } from './certificate.ts'
import { credentialsContext } from './contexts.ts'
import type { Issuer } from './issuer.ts'
import type { Unsigned } from './sign.ts'

/** As many places as the standard asks for at least, so that reading a list does not tell whose certificate is checked. */
export const listLength = 131_072

/** Where a certificate's status is found: in which list, at which place. */
export const placeInLists = (statusNumber: number) => ({
  list: Math.floor(statusNumber / listLength),
  index: statusNumber % listLength,
})

/** The status of a certificate, as its credential names it. */
export function statusEntry(issuer: Issuer, statusNumber: number): object {
  const { list, index } = placeInLists(statusNumber)
  const address = issuer.url + statusListPath(list)
  return {
    id: `${address}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(index),
    statusListCredential: address,
  }
}

/** A list of which certificates are revoked (W3C Bitstring Status List 1.0): one bit for each, the first at the left. */
export async function statusListDocument(
  issuer: Issuer,
  list: number,
  state: { changedAt: string; revoked: readonly number[] },
): Promise<Unsigned> {
  const bits = Buffer.alloc(listLength / 8)
  for (const number of state.revoked) {
    const { index } = placeInLists(number)
    const at = index >> 3
    bits[at] = (bits[at] ?? 0) | (0x80 >> (index & 7))
  }
  const encoded = await promisify(gzip)(bits)
  const address = issuer.url + statusListPath(list)
  return {
    '@context': [credentialsContext],
    id: address,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: issuer.did,
    validFrom: state.changedAt,
    credentialSubject: {
      id: `${address}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: `u${encoded.toString('base64url')}`,
    },
  }
}
