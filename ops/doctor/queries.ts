import type { Sql } from '@colonnade/db'

export type Server = {
  /** 180004 is 18.4. */
  version: number
  versionText: string
  encoding: string
  /** How many connections others than superusers may have, and how many there are. */
  connections: number
  used: number
  durable: boolean
  extensions: string[]
  now: Date
}

export async function findServer(sql: Sql, wanted: readonly string[]): Promise<Server> {
  const [row] = await sql<Server[]>`
    select current_setting('server_version_num')::int as version,
      current_setting('server_version') as "versionText",
      current_setting('server_encoding') as encoding,
      current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int as connections,
      (select sum(numbackends)::int from pg_stat_database) as used,
      current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable,
      array(select name::text from pg_available_extensions where name = any(${[...wanted]})) as extensions,
      clock_timestamp() as now`
  if (!row) throw new Error('the server answered nothing')
  return row
}

/** What was applied to a service's schema; undefined when it has none yet. */
export async function listMigrations(
  sql: Sql,
  schema: string,
): Promise<Map<string, string> | undefined> {
  const [found] = await sql`select to_regclass(${`${schema}.migration`}) is not null as there`
  if (!found?.there) return undefined
  const rows = await sql<{ name: string; sha256: string }[]>`
    select name, sha256 from ${sql(schema)}.migration`
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
}

/** What the role that we came in by may do beyond reading and writing rows. */
export async function findRole(
  sql: Sql,
  schema: string,
): Promise<{ name: string; superuser: boolean; owner: boolean }> {
  const [row] = await sql<{ name: string; superuser: boolean; owner: boolean }[]>`
    select current_user::text as name, r.rolsuper as superuser,
      exists (select from pg_namespace n
        where n.nspname = ${schema} and pg_has_role(n.nspowner, 'member')) as owner
    from pg_roles r where r.rolname = current_user`
  if (!row) throw new Error('the server answered nothing')
  return row
}
