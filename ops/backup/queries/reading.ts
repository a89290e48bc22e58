import { pipeline } from 'node:stream/promises'
import { connectTo, type Sql } from '@colonnade/db'
import type { SchemaState } from '../manifest.ts'

/** One connection whose text of a value is the same on every server. */
export function connect(url: string): Sql {
  return connectTo(url, {
    max_lifetime: null,
    connection: {
      application_name: 'colonnade backup',
      search_path: 'pg_catalog',
      statement_timeout: 0,
      lock_timeout: 30_000,
      idle_in_transaction_session_timeout: 0,
      DateStyle: 'ISO, YMD',
      IntervalStyle: 'postgres',
      TimeZone: 'UTC',
      bytea_output: 'hex',
      extra_float_digits: 3,
      client_encoding: 'UTF8',
    },
  })
}

/** Begins to read the database as it is at this moment. @returns the snapshot's name, for other connections */
export async function beginSnapshot(sql: Sql): Promise<string> {
  await sql.unsafe('begin isolation level repeatable read read only')
  const [row] = await sql<{ name: string }[]>`select pg_export_snapshot() as name`
  return row?.name ?? ''
}

/** Begins to read the database as another connection sees it. */
export async function joinSnapshot(sql: Sql, name: string): Promise<void> {
  await sql.unsafe('begin isolation level repeatable read read only')
  await sql.unsafe(`set transaction snapshot '${name}'`)
}

/** Which migrations a schema is at; none when it was never made. */
export async function listMigrations(
  sql: Sql,
  schema: string,
): Promise<{ name: string; sha256: string }[]> {
  const [found] = await sql`select to_regclass(${`${schema}.migration`}) is not null as there`
  if (!found?.there) return []
  return await sql<{ name: string; sha256: string }[]>`
    select name, sha256 from ${sql(schema)}.migration order by name`
}

/** Tables of a schema with the columns that are not computed, but for the record of migrations. */
export async function listTables(
  sql: Sql,
  schema: string,
): Promise<{ name: string; columns: string[] }[]> {
  return await sql<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = to_regnamespace(${schema}) and c.relkind = 'r' and c.relname <> 'migration'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname`
}

/** Where the sequences of a schema are, those of identity columns too. */
export async function listSequences(sql: Sql, schema: string): Promise<SchemaState['sequences']> {
  const names = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = to_regnamespace(${schema}) and relkind = 'S' order by relname`
  const found: SchemaState['sequences'] = []
  for (const { name } of names) {
    const [row] = await sql<{ last: string; called: boolean }[]>`
      select last_value::text as last, is_called as called from ${sql(schema)}.${sql(name)}`
    if (row) found.push({ name, ...row })
  }
  return found
}

/** How many rows a table has. */
export async function countRows(sql: Sql, schema: string, table: string): Promise<number> {
  const [row] = await sql<{ rows: string }[]>`
    select count(*) as rows from ${sql(schema)}.${sql(table)}`
  return Number(row?.rows)
}

/** A table's rows as COPY text. */
export async function copyOut(
  sql: Sql,
  schema: string,
  table: string,
  columns: readonly string[],
): Promise<AsyncIterable<Uint8Array>> {
  return await sql`
    copy ${sql(schema)}.${sql(table)} (${sql([...columns])}) to stdout`.readable()
}

/** Puts COPY text into a table. */
export async function copyIn(
  sql: Sql,
  schema: string,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<Uint8Array>,
): Promise<void> {
  const target = await sql`
    copy ${sql(schema)}.${sql(table)} (${sql([...columns])}) from stdin`.writable()
  await pipeline(rows, target)
}

/** Puts a sequence where it was. */
export async function setSequence(
  sql: Sql,
  schema: string,
  { name, last, called }: SchemaState['sequences'][number],
): Promise<void> {
  await sql`select setval(${`${schema}.${name}`}::regclass, ${last}::bigint, ${called})`
}
