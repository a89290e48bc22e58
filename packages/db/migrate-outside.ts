import type { Sql } from './database.ts'

/** The first line of a migration whose statements cannot run in a transaction. */
const mark = /^-- outside a transaction\b/

/** Whether a migration is to run outside of a transaction: building an index while others write cannot run in one. */
export const isOutside = (text: string): boolean => mark.test(text)

const indexBuild = /^create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+(\w+)\s/i
const harmless = /^drop\s+index\s+concurrently\s+if\s+exists\s/i

/**
 * Runs a migration's statements one by one, so that one that broke off is taken up again: what is there is passed over,
 * and an index whose build was broken off, which Postgres keeps and never uses, is thrown away first. So each statement
 * has to be `create [unique] index concurrently if not exists …` or `drop index concurrently if exists …`. None of them
 * keeps others from reading or writing, however long it waits.
 * @throws Error when there is another statement in it
 */
export async function runOutside(sql: Sql, schema: string, text: string): Promise<void> {
  const statements = statementsOf(text)
  const other = statements.find((one) => !indexBuild.test(one) && !harmless.test(one))
  if (other) {
    throw new Error(
      `A migration outside of a transaction holds only create index concurrently if not exists … and drop index concurrently if exists …, not: ${other}`,
    )
  }
  await sql`select set_config('search_path', ${`${schema}, public`}, false)`
  for (const statement of statements) {
    const name = indexBuild.exec(statement)?.[1]
    if (name) await dropBroken(sql, schema, name)
    await sql.unsafe(statement)
  }
}

function statementsOf(text: string): string[] {
  return text
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean)
}

async function dropBroken(sql: Sql, schema: string, name: string): Promise<void> {
  const [broken] = await sql`
    select 1 from pg_index
    where indexrelid = to_regclass(format('%I.%I', ${schema}::text, ${name}::text)) and not indisvalid`
  if (broken) await sql`drop index concurrently ${sql(`${schema}.${name}`)}`
}
