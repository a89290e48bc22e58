import type { Sql, Transaction } from '@colonnade/db'
import { stage, stagedTables } from './staging.ts'

/** Ids of the instructors that were made up, both included. */
export type Range = { first: number; last: number }

const live = stagedTables.map((table) => `instructors.${table}`)

/**
 * Copies into the staged tables what the live ones hold, as of one moment, while others go on reading and writing; once,
 * and before there are indexes, which would make it slow.
 * @returns a mark of that moment, for `copyChanges`
 */
export async function copyLive(sql: Sql, { first, last }: Range): Promise<string> {
  const [noted] = await sql<{ moment: string | null }[]>`select moment from instructors_seed.plan`
  if (noted?.moment) return noted.moment
  return await sql.begin('isolation level repeatable read', async (tx) => {
    const [row] = await tx<{ moment: string }[]>`
      update instructors_seed.plan set moment = pg_snapshot_xmin(pg_current_snapshot())::xid::text
      returning moment`
    if (!row) throw new Error('an unfinished seed has no plan')
    await tx`insert into instructors_seed.instructor select l.* from instructors.instructor l`
    await tx`
      delete from instructors_seed.teaching s using instructors.teaching l
      where l.course_id = s.course_id and l.role = 'primary' and s.role = 'primary'
        and s.instructor_id between ${first} and ${last}`
    await tx`insert into instructors_seed.teaching select l.* from instructors.teaching l`
    return row.moment
  })
}

/**
 * Copies what changed in the live tables, which are locked, since that moment. A made-up primary makes room for one who
 * came to that course by the API meanwhile.
 */
export async function copyChanges(
  tx: Transaction,
  { first, last }: Range,
  moment: string,
): Promise<void> {
  // Every transaction that the copy may not have seen is as young as the oldest that ran then, or younger.
  const changed = (row: string) => tx`age(${tx(row)}.xmin) <= age(${moment}::text::xid)`
  await tx`
    delete from instructors_seed.teaching
    where (course_id, instructor_id) in (
      select course_id, instructor_id from instructors_seed.teaching
      where instructor_id < ${first} or instructor_id > ${last}
      except select course_id, instructor_id from instructors.teaching)`
  await tx`
    delete from instructors_seed.instructor
    where id in (
      select id from instructors_seed.instructor where id < ${first} or id > ${last}
      except select id from instructors.instructor)`
  await tx`
    delete from instructors_seed.teaching s using instructors.teaching l
    where l.course_id = s.course_id and ${changed('l')}
      and (l.instructor_id = s.instructor_id
        or (l.role = 'primary' and s.role = 'primary' and s.instructor_id between ${first} and ${last}))`
  // With a changed person go the copies of what they teach, which may not have changed.
  await tx`
    delete from instructors_seed.instructor s using instructors.instructor l
    where l.id = s.id and ${changed('l')}`
  await tx`
    insert into instructors_seed.instructor
    select l.* from instructors.instructor l where ${changed('l')}`
  await tx`
    insert into instructors_seed.teaching
    select l.* from instructors.teaching l
    where ${changed('l')}
      or l.instructor_id in (select i.id from instructors.instructor i where ${changed('i')})`
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
