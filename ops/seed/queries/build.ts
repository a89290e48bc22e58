import type { Sql } from '@colonnade/db'
import { type StagedTable, stage, stagedTables } from './staging.ts'

/** A statement that makes something of a staged table as the live one has it. */
export type Step = { name: string; table: StagedTable; statement: string; bytes: number }

const live = stagedTables.map((table) => `instructors.${table}`)

/** Gives this connection memory to sort in, unless the server gives it more. `kibibytes` is for each connection. */
export async function widenMemory(sql: Sql, kibibytes: number, workers: number): Promise<void> {
  await sql`
    select set_config('maintenance_work_mem', greatest(setting::bigint, ${kibibytes}::bigint) || 'kB', false)
    from pg_settings where name = 'maintenance_work_mem'`
  await sql`select set_config('max_parallel_maintenance_workers', ${String(workers)}, false)`
}

/** Settles what a load leaves: rows frozen and known to be visible, so that every scan after it only reads. */
export async function vacuumStaged(sql: Sql, table: StagedTable): Promise<void> {
  await sql`vacuum (freeze, analyze) ${sql(`${stage}.${table}`)}`
  await sql`alter table ${sql(`${stage}.${table}`)} reset (autovacuum_enabled)`
}

/** Indexes that the live tables have and the staged ones lack, those that are most work first. */
export async function listMissingIndexes(sql: Sql): Promise<Step[]> {
  return await sql<Step[]>`
    select c.relname as name, t.relname as table,
      replace(pg_get_indexdef(c.oid), format(' ON instructors.%I ', t.relname),
        format(' ON instructors_seed.%I ', t.relname)) as statement
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class t on t.oid = i.indrelid
    where i.indrelid = any (${live}::text[]::regclass[])
      and to_regclass(format('instructors_seed.%I', c.relname)) is null
    order by (select reltuples from pg_class s
        where s.oid = to_regclass(format('instructors_seed.%I', t.relname))) desc,
      i.indpred is null desc, i.indnatts desc`
}

/**
 * Keys and references that the live tables have and the staged ones lack: keys first, on the indexes that are there
 * by then. Checks came with the tables.
 */
export async function listMissingConstraints(sql: Sql): Promise<Step[]> {
  return await sql<Step[]>`
    select con.conname as name, t.relname as table, format('alter table instructors_seed.%I add constraint %I %s',
      t.relname, con.conname, case con.contype
        when 'p' then format('primary key using index %I', i.relname)
        when 'u' then format('unique using index %I', i.relname)
        else (
          select coalesce(replace(d.definition, format(' REFERENCES instructors.%I(', r.relname),
            format(' REFERENCES instructors_seed.%I(', r.relname)), d.definition)
          from (select pg_get_constraintdef(con.oid) as definition) d
          left join pg_class r on r.oid = con.confrelid and r.oid = any (${live}::text[]::regclass[])
        ) end) as statement
    from pg_constraint con
    join pg_class t on t.oid = con.conrelid
    left join pg_class i on i.oid = con.conindid
    where con.conrelid = any (${live}::text[]::regclass[]) and con.contype in ('p', 'u', 'x', 'f')
      and not exists (
        select from pg_constraint s
        where s.conrelid = to_regclass(format('instructors_seed.%I', t.relname)) and s.conname = con.conname)
    order by con.contype = 'f', con.conname`
}

/** Makes one of them. */
export async function takeStep(sql: Sql, { statement }: Step): Promise<void> {
  await sql.unsafe(statement)
}
