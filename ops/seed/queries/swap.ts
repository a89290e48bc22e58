import type { Sql, Transaction } from '@colonnade/db'
import { stage, stagedTables } from './staging.ts'

/** Ids of the instructors that were made up, both included. */
export type Range = { first: number; last: number }

const live = stagedTables.map((table) => `instructors.${table}`)

/**
 * Brings the staged tables up to what the live ones hold beside the made-up rows: done twice, it copies what is there
 * first, and what changed meanwhile second. A made-up primary makes room for one who came to that course by the API.
 */
export async function copyLive(sql: Sql | Transaction, { first, last }: Range): Promise<void> {
  await sql`
    delete from instructors_seed.instructor s where (s.id < ${first} or s.id > ${last})
      and not exists (select from instructors.instructor l
        where l.id = s.id and row(l.*) is not distinct from row(s.*))`
  await sql`
    delete from instructors_seed.teaching s where (s.instructor_id < ${first} or s.instructor_id > ${last})
      and not exists (select from instructors.teaching l
        where l.course_id = s.course_id and l.instructor_id = s.instructor_id
          and row(l.*) is not distinct from row(s.*))`
  await sql`
    insert into instructors_seed.instructor select l.* from instructors.instructor l
    where not exists (select from instructors_seed.instructor s where s.id = l.id)`
  await sql`
    delete from instructors_seed.teaching s using instructors.teaching l
    where l.course_id = s.course_id and l.role = 'primary' and s.role = 'primary'
      and s.instructor_id between ${first} and ${last}`
  await sql`
    insert into instructors_seed.teaching select l.* from instructors.teaching l
    where not exists (select from instructors_seed.teaching s
      where s.course_id = l.course_id and s.instructor_id = l.instructor_id)`
}

/**
 * Locks what the swap changes, so that nobody reads or writes it until the transaction ends. Waits for those who are at
 * it no longer than others wait for us, and rather comes again.
 * @returns whether it got the locks
 */
export async function lockLive(tx: Transaction): Promise<boolean> {
  const [row] = await tx<{ tables: string }[]>`
    select string_agg(name, ', ' order by name) as tables from (
      select unnest(${live}::text[]::regclass[])::text as name
      union
      select conrelid::regclass::text from pg_constraint
      where contype = 'f' and confrelid = any (${live}::text[]::regclass[])
    ) as touched`
  try {
    await tx.savepoint(async (inner) => {
      await inner`set local lock_timeout = 400`
      await inner.unsafe(`lock table ${row?.tables} in access exclusive mode`)
    })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '55P03') return false
    throw error
  }
}

/**
 * Puts the staged tables in the place of the live ones, which `lockLive` locked: grants, the sequence of ids and the
 * references of other tables go over; nothing of the stage is left.
 */
export async function swapTables(tx: Transaction): Promise<void> {
  const grants = await tx<{ statement: string }[]>`
    select format('grant %s on %s instructors.%I to %s%s', a.privilege_type,
      case c.relkind when 'S' then 'sequence' else 'table' end, c.relname,
      case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
      case when a.is_grantable then ' with grant option' else '' end) as statement
    from pg_class c, aclexplode(c.relacl) a
    where c.relnamespace = 'instructors'::regnamespace
      and (c.oid = any (${live}::text[]::regclass[]) or c.oid = 'instructors.instructor_id_seq'::regclass)
      and a.grantee <> c.relowner`
  const references = await tx<{ drop: string; add: string }[]>`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname,
        pg_get_constraintdef(oid)) as add
    from pg_constraint
    where contype = 'f' and confrelid = any (${live}::text[]::regclass[])
      and conrelid <> all (${live}::text[]::regclass[])`
  await tx`
    select setval('instructors_seed.instructor_id_seq', last_value, is_called)
    from instructors.instructor_id_seq`
  for (const { drop } of references) await tx.unsafe(drop)
  for (const table of stagedTables.toReversed()) await tx`drop table ${tx(`instructors.${table}`)}`
  for (const table of stagedTables) {
    await tx`alter table ${tx(`${stage}.${table}`)} set schema instructors`
  }
  for (const { add } of references) await tx.unsafe(add)
  for (const { statement } of grants) await tx.unsafe(statement)
  await tx`drop schema instructors_seed cascade`
}
