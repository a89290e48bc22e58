import type { Sql } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import {
  addIdentity,
  addVerifiedPerson,
  findByAddress,
  findByIdentity,
} from '../queries/identities.ts'
import type { Identity } from './providers.ts'

/** Why an account at a provider does not let somebody in. */
export type Unknown = 'no address' | 'not verified there' | 'not verified here'

/**
 * Who somebody from a provider is here: whom their account there was tied to, else who has the same address, else somebody
 * new. An address counts only where both sides have made sure of it: else whoever wrote another's address into a form, there
 * or here, would be let into what the other has, or would share it.
 */
export async function personOf(
  sql: Sql,
  identity: Identity,
  language: string,
): Promise<{ person: string } | { unknown: Unknown }> {
  const tied = await findByIdentity(sql, identity)
  if (tied) return { person: tied }
  const { email, isVerified, issuer, subject } = identity
  if (!email) return { unknown: 'no address' }
  if (!isVerified) return { unknown: 'not verified there' }
  const id = uuidv7()
  const name = identity.name ?? email.slice(0, email.lastIndexOf('@'))
  const isNew = await addVerifiedPerson(sql, { id, name, email, language })
  const owner = isNew ? { id, verified: true } : await findByAddress(sql, email)
  if (!owner?.verified) return { unknown: 'not verified here' }
  await addIdentity(sql, { id: uuidv7(), person: owner.id, issuer, subject })
  const person = await findByIdentity(sql, identity)
  return person ? { person } : { unknown: 'not verified here' }
}
