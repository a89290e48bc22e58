import { randomBytes } from 'node:crypto'
import type { Sql } from '@colonnade/db'
import { digestOf } from './digest.ts'
import { addAdminLink } from './queries/accounts.ts'

/** Makes a link that works once, within a day. @returns its path */
export async function makeAdminLink(sql: Sql): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await addAdminLink(sql, digestOf(token))
  return `/admin/link?token=${token}`
}
