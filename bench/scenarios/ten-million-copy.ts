import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connectTo, type Sql } from '@colonnade/db'

const tables = ['instructor', 'teaching'] as const
const schema = 'instructors'

type Part = { name: string; drop: string; make: string }
export type Plain = { seconds: number; steps: { step: string; seconds: number }[] }

/**
 * The time that Postgres itself needs for the rows that were seeded: a COPY of each table from a file into an empty
 * database of the same server, then the same indexes and constraints, one after the other on one connection with 512
 * MiB to sort in. Checks are made while rows come in, as in the seed.
 */
export async function copyPlainly(root: string, database: string): Promise<Plain> {
  const seeded = connect(database)
  const name = 'bench_copy'
  const url = new URL(database)
  url.pathname = `/${name}`
  try {
    const [row] = await seeded<{ folder: string }[]>`
      select current_setting('data_directory') as folder`
    const fileOf = (table: string) => join(row?.folder ?? '', `bench-${table}.copy`)
    for (const table of tables) {
      await seeded.unsafe(`copy ${schema}.${table} to '${fileOf(table)}'`)
    }
    await seeded`drop database if exists ${seeded(name)} with (force)`
    await seeded`create database ${seeded(name)} template template0 encoding 'UTF8'`
    await promisify(execFile)(join(root, 'ops/bin/colonnade.mjs'), ['migrate'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: url.href,
        COLONNADE_DATA: join(row?.folder ?? '', '..'),
      },
    })
    return await load(url.href, fileOf)
  } finally {
    await seeded`drop database if exists ${seeded(name)} with (force)`
    await seeded.end()
  }
}

async function load(url: string, fileOf: (table: string) => string): Promise<Plain> {
  const sql = connect(url)
  try {
    const parts = await listParts(sql)
    for (const { drop } of parts.toReversed()) await sql.unsafe(drop)
    await sql`set maintenance_work_mem = '512MB'`
    await sql`checkpoint`
    const steps: Plain['steps'] = []
    const take = async (step: string, statement: string) => {
      const began = performance.now()
      await sql.unsafe(statement)
      steps.push({ step, seconds: (performance.now() - began) / 1000 })
    }
    for (const table of tables) {
      await take(`copy ${table}`, `copy ${schema}.${table} from '${fileOf(table)}'`)
    }
    // A reference is checked by a join, which is planned blindly without statistics.
    for (const table of tables) await take(`analyze ${table}`, `analyze ${schema}.${table}`)
    for (const { name, make } of parts) await take(name, make)
    return { seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0), steps }
  } finally {
    await sql.end()
  }
}

/** Keys, then other indexes, then references, as the catalog has them. */
async function listParts(sql: Sql): Promise<Part[]> {
  return await sql<Part[]>`
    select name, drop, make from (
      select case contype when 'f' then 3 else 1 end as place, conname as name,
        format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
        format('alter table %s add constraint %I %s', conrelid::regclass, conname,
          pg_get_constraintdef(oid)) as make
      from pg_constraint
      where contype in ('p', 'u', 'f') and (
        conrelid in ('instructors.instructor'::regclass, 'instructors.teaching'::regclass)
        or confrelid in ('instructors.instructor'::regclass, 'instructors.teaching'::regclass))
      union all
      select 2, c.relname, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid in ('instructors.instructor'::regclass, 'instructors.teaching'::regclass)
        and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))
    ) parts
    order by place, name`
}

const connect = (url: string) => connectTo(url, { max_lifetime: null })
