import { createHash } from 'node:crypto'
import { multibase } from './base58.ts'
import { type Issuer, keyId } from './issuer.ts'
import type { Keys } from './keys.ts'

/** A document of linked data, not signed yet. */
export type Unsigned = { '@context': readonly string[] } & Record<string, unknown>

/** Who signs, and with what. */
export type Signer = { issuer: Issuer; keys: Keys }

/** What is never in memory before the first credential is asked for. */
const canonicalizer = () => import('./canonicalize.ts')

/**
 * Signs a document by `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, 3.2): what is signed is the meaning
 * of the document, not its spelling. The same document gives the same signature.
 * @param created ISO instant, to the second
 * @throws when the document uses a word that its contexts do not define: it would not be signed
 */
export async function signDocument(
  document: Unsigned,
  { issuer, keys }: Signer,
  created: string,
): Promise<Unsigned> {
  const { canonicalize } = await canonicalizer()
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-rdfc-2022',
    created,
    verificationMethod: keyId(issuer, keys.current),
    proofPurpose: 'assertionMethod',
  }
  const digests = await Promise.all(
    [{ '@context': document['@context'], ...proof }, document].map(async (part) =>
      createHash('sha256')
        .update(await canonicalize(part))
        .digest(),
    ),
  )
  const proofValue = multibase(keys.sign(Buffer.concat(digests)))
  return { ...document, proof: { ...proof, proofValue } }
}
