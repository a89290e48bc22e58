import type { Sql } from '@colonnade/db'

/** Whether any table of a schema, but the record of migrations, holds a row. */
export async function hasRows(sql: Sql, schema: string, tables: readonly string[]) {
  for (const table of tables) {
    const [row] = await sql`select 1 from ${sql(schema)}.${sql(table)} limit 1`
    if (row) return true
  }
  return false
}

/** Drops all that a schema holds; the schema itself may be somebody else's to make, and stays. */
export async function emptySchema(sql: Sql, schema: string): Promise<void> {
  const drops = await sql<{ statement: string }[]>`
    select format('drop %s if exists %s cascade',
      case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
      oid::regclass) as statement
    from pg_class
    where relnamespace = to_regnamespace(${schema}) and relkind in ('r', 'p', 'S', 'v', 'm')
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid
        and deptype in ('i', 'a', 'e') and refclassid = 'pg_class'::regclass)
    union all
    select format('drop routine if exists %s cascade', oid::regprocedure)
    from pg_proc where pronamespace = to_regnamespace(${schema})
    union all
    select format('drop type if exists %s cascade', oid::regtype)
    from pg_type where typnamespace = to_regnamespace(${schema}) and typtype in ('e', 'd')`
  await sql.begin(async (tx) => {
    for (const { statement } of drops) await tx.unsafe(statement)
  })
}

/**
 * Begins a transaction in which rows go in as they were, in any order: triggers and foreign keys of the schema's tables
 * are away until `endLoading`. Takes the owner of the tables and no superuser.
 * @returns statements that put the foreign keys back
 */
export async function beginLoading(
  sql: Sql,
  schema: string,
  tables: readonly string[],
): Promise<string[]> {
  const keys = await sql<{ table: string; drop: string; add: string }[]>`
    select conrelid::regclass::text as table,
      format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
    from pg_constraint
    where connamespace = to_regnamespace(${schema}) and contype = 'f' and conparentid = 0`
  await sql.unsafe('begin')
  await sql`select set_config('search_path', ${`"${schema}", public`}, true)`
  for (const { drop } of keys) await sql.unsafe(drop)
  for (const table of tables) {
    await sql`alter table ${sql(schema)}.${sql(table)} disable trigger user`
    // Some migrations bring rows of their own.
    await sql`delete from ${sql(schema)}.${sql(table)}`
  }
  return keys.map(({ add }) => add)
}

/** Puts triggers and foreign keys back, which reads every row once more, and commits. */
export async function endLoading(
  sql: Sql,
  schema: string,
  tables: readonly string[],
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) await sql.unsafe(key)
  for (const table of tables) {
    await sql`alter table ${sql(schema)}.${sql(table)} enable trigger user`
  }
  await sql.unsafe('commit')
  for (const table of tables) await sql`analyze ${sql(schema)}.${sql(table)}`
}
