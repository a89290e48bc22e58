import type { Sql, Transaction } from '@colonnade/db'
import type postgres from 'postgres'

/** The tables that a large seed makes anew and puts in the place of the live ones; who refers to another comes later. */
export const stagedTables = ['instructor', 'teaching'] as const
export type StagedTable = (typeof stagedTables)[number]

/**
 * What is being loaded has a schema of its own, so that indexes, constraints and sequences bear their final names from
 * the start, and moving a table out of it is all that is left to do.
 */
export const stage = 'instructors_seed'

/** Holds off any other seed for as long as this connection lives. @returns whether it is ours */
export async function holdSeedLock(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ held: boolean }[]>`
    select pg_try_advisory_lock(hashtext('colonnade seed')) as held`
  return row?.held ?? false
}

/** What an unfinished seed was asked to make, as it was noted; undefined where there is none. */
export async function findUnfinished(sql: Sql): Promise<unknown> {
  const [found] = await sql<{ there: boolean }[]>`
    select to_regclass('instructors_seed.plan') is not null as there`
  if (!found?.there) return undefined
  const [row] = await sql<{ plan: unknown }[]>`select plan from instructors_seed.plan`
  return row?.plan
}

/** Bytes that an unfinished seed has filled; 0 where there is none. */
export async function countStagedBytes(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${stage} and c.relkind = 'r'`
  return row?.bytes ?? 0
}

/** Makes the empty tables and notes what shall be in them. Not vacuumed while they grow: that is done once, after. */
export async function makeStage(tx: Transaction, plan: postgres.JSONValue): Promise<void> {
  await tx`create schema instructors_seed`
  await tx`create table instructors_seed.plan (plan jsonb not null, moment text)`
  await tx`insert into instructors_seed.plan (plan) values (${tx.json(plan)})`
  await tx`
    create table instructors_seed.chunk (
      name text not null, number integer not null, primary key (name, number)
    )`
  for (const table of stagedTables) {
    await tx`
      create table ${tx(`${stage}.${table}`)}
        (like ${tx(`instructors.${table}`)} including all excluding indexes)
        with (autovacuum_enabled = off)`
  }
}

/** Throws an unfinished seed away. @returns whether there was one */
export async function dropStage(sql: Sql | Transaction): Promise<boolean> {
  const found = await sql`select 1 from pg_namespace where nspname = ${stage}`
  await sql`drop schema if exists instructors_seed cascade`
  return found.length > 0
}

/** The parts of a table that are loaded, by number. */
export async function listChunks(sql: Sql, table: StagedTable): Promise<Set<number>> {
  const rows = await sql<{ number: number }[]>`
    select number from instructors_seed.chunk where name = ${table}`
  return new Set(rows.map((row) => row.number))
}

/** Notes that a part is loaded, in the transaction that loaded it. */
export async function noteChunk(
  tx: Transaction,
  table: StagedTable,
  number: number,
): Promise<void> {
  await tx`insert into instructors_seed.chunk (name, number) values (${table}, ${number})`
}

/** How many instructors there are, counted no further than `most`. */
export async function countInstructors(sql: Sql, most: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from (select from instructors.instructor limit ${most}) as counted`
  return row?.count ?? 0
}

/** The newest migration of the instructors' tables: what is staged fits no other. */
export async function findNewestMigration(sql: Sql): Promise<string> {
  const [row] = await sql<{ name: string }[]>`
    select coalesce(max(name), '') as name from instructors.migration`
  return row?.name ?? ''
}
