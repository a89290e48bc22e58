import type { Sql, Transaction } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import type { Earned } from './certificate.ts'
import { addCertificate } from './queries.ts'

/**
 * Issues the certificate of an enrolment; once, however often it is called. Cheap: nothing is signed or drawn before
 * somebody asks for it.
 * @returns the certificate's id
 */
export async function issueCertificate(sql: Sql | Transaction, earned: Earned): Promise<string> {
  return await addCertificate(sql, { id: uuidv7(), ...earned, learner: tidyName(earned.learner) })
}

/** One spelling for each letter, since fonts and verifiers compare letters; no line breaks, no double spaces. */
const tidyName = (name: string) => name.normalize('NFC').trim().replace(/\s+/g, ' ')
