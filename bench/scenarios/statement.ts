import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import type { Installation } from '../installation.ts'

/**
 * The statement that the product runs for a GET, as Postgres itself tells it: so the peers run the same one, today and
 * after it has changed.
 */
export async function findStatement(installation: Installation, path: string): Promise<string> {
  const log = join(installation.data, 'postgres.log')
  if (!existsSync(log)) throw new Error('The database’s log was not found.')
  const sql = postgres(installation.database, { max: 1, onnotice: () => {} })
  try {
    await sql`alter system set log_min_duration_statement = 0`
    await sql`select pg_reload_conf()`
    await delay(500)
    const from = statSync(log).size
    await (await fetch(installation.url + path)).arrayBuffer()
    await delay(200)
    const statement = readStatement(readFileSync(log).subarray(from).toString())
    if (!statement) throw new Error('The database’s log does not hold the statement.')
    return statement
  } finally {
    await sql`alter system reset log_min_duration_statement`
    await sql`select pg_reload_conf()`
    await sql.end()
  }
}

/** The first statement with one parameter that reads who teaches; continued lines begin with a tab. */
export function readStatement(log: string): string | undefined {
  const entries = log.replaceAll('\n\t', ' ').split('\n')
  for (const entry of entries) {
    const statement = /duration: .*? execute [^:]+: (.*)$/.exec(entry)?.[1]
    if (statement?.includes('instructors.teaching') && !statement.includes('$2')) {
      return statement.replace(/\s+/g, ' ').trim()
    }
  }
  return undefined
}
