import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectTo } from '@colonnade/db'
import type { Installation } from '../installation.ts'

/**
 * The statement that the product runs for a GET, as Postgres itself tells it: so the peers run the same one, today and
 * after it has changed.
 */
export async function findStatement(installation: Installation, path: string): Promise<string> {
  const statement = readStatements(await logOf(installation, path)).find(
    (one) => one.includes('instructors.teaching') && !one.includes('$2'),
  )
  if (!statement) throw new Error('The database’s log does not hold the statement.')
  return statement
}

/**
 * How many statements a path costs that was asked for just before: what an installation without caches is asked to prove.
 * @throws Error when who teaches was not read again: then some cache answered
 */
export async function countStatements(installation: Installation, path: string): Promise<number> {
  await (await fetch(installation.url + path)).arrayBuffer()
  const statements = readStatements(await logOf(installation, path))
  if (!statements.some((one) => one.includes('instructors.teaching'))) {
    throw new Error(`${path} was answered without Postgres: CACHE=off did not turn the caches off.`)
  }
  return statements.length
}

/** What the database logs while a path is asked for. */
async function logOf(installation: Installation, path: string): Promise<string> {
  const log = join(installation.data, 'postgres.log')
  if (!existsSync(log)) throw new Error('The database’s log was not found.')
  const sql = connectTo(installation.database)
  try {
    await sql`alter system set log_min_duration_statement = 0`
    await sql`select pg_reload_conf()`
    await delay(500)
    const from = statSync(log).size
    await (await fetch(installation.url + path)).arrayBuffer()
    await delay(200)
    return readFileSync(log).subarray(from).toString()
  } finally {
    await sql`alter system reset log_min_duration_statement`
    await sql`select pg_reload_conf()`
    await sql.end()
  }
}

/** What was executed, without what tells others of changes; continued lines begin with a tab. */
export function readStatements(log: string): string[] {
  return log
    .replaceAll('\n\t', ' ')
    .split('\n')
    .flatMap((entry) => /duration: .*? execute [^:]+: (.*)$/.exec(entry)?.[1] ?? [])
    .filter((statement) => !/\.(outbox|delivery)\b/.test(statement))
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
}
