import type { Sql } from '@colonnade/db'
import type { Role } from '@colonnade/http'

export type ApiTokenRow = {
  id: string
  name: string
  scopes: string[]
  expiresAt: Date
  expired: boolean
  usedAt: Date | null
}

type NewApiToken = {
  id: string
  digest: Buffer
  person: string
  name: string
  scopes: readonly string[]
  days: number
}

/** @returns false when somebody has `most` already */
export async function addApiToken(sql: Sql, token: NewApiToken, most: number): Promise<boolean> {
  const { id, digest, person, name, scopes, days } = token
  const rows = await sql`
    insert into accounts.api_token (id, digest, person_id, name, scopes, expires_at)
    select ${id}, ${digest}, ${person}, ${name}, ${[...scopes]}, now() + ${days} * interval '1 day'
    where (select count(*) from accounts.api_token where person_id = ${person}) < ${most}
    returning id`
  return rows.length === 1
}

/** Somebody's own, the newest first; those that have expired stay for a month. */
export async function listApiTokens(sql: Sql, person: string): Promise<ApiTokenRow[]> {
  return await sql<ApiTokenRow[]>`
    select id, name, scopes, expires_at as "expiresAt",
      expires_at <= now() as expired, used_at as "usedAt"
    from accounts.api_token where person_id = ${person} order by created_at desc, id desc`
}

/** @returns false when they have none with this id */
export async function removeApiToken(sql: Sql, person: string, id: string): Promise<boolean> {
  const rows = await sql`
    delete from accounts.api_token where id::text = ${id} and person_id = ${person} returning id`
  return rows.length === 1
}

/** Whose token this is, and notes that it was used; undefined when there is none, or it has expired. */
export async function useApiToken(
  sql: Sql,
  digest: Buffer,
): Promise<{ id: string; person: string; roles: Role[]; scopes: string[] } | undefined> {
  const [row] = await sql<{ id: string; person: string; roles: Role[]; scopes: string[] }[]>`
    update accounts.api_token t set used_at = now()
    from accounts.person p
    where t.digest = ${digest} and t.expires_at > now() and p.id = t.person_id
    returning t.id, p.id as person, p.roles, t.scopes`
  return row
}

/** Removes those that have expired a month ago. */
export async function forgetApiTokens(sql: Sql): Promise<void> {
  await sql`delete from accounts.api_token where expires_at < now() - interval '30 days'`
}
