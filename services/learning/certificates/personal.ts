import type { Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import { certificateTag } from './certificate.ts'
import { eraseLearner } from './queries.ts'

/**
 * Takes a person's name off their certificates, for their erasure. What was issued stays issued, without a name: whoever
 * was shown one still learns that it was real. Every kept copy of the pages goes.
 * @returns the certificates that are nobody's now
 */
export async function eraseCertificates(tx: Transaction, person: string): Promise<string[]> {
  const ids = await eraseLearner(tx, person)
  for (const id of ids) {
    await tell(tx, 'learning', { type: 'certificate.purged', subject: certificateTag(id) })
  }
  return ids
}
