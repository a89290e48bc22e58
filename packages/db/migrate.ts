import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { connectTo } from './connect.ts'
import type { Sql } from './database.ts'
import { isOutside, runOutside } from './migrate-outside.ts'
import { watch } from './migrate-watch.ts'

/** A migration that could not be applied, through no fault of its text; the message says what to do. */
export class MigrationError extends Error {}

/**
 * So long does a migration wait for a lock, and so long do readers and writers wait behind it: a statement that queues
 * for a table holds up everybody who comes after. Milliseconds.
 */
const lockMs = 200
/** Between two tries, so that who was held up gets through. */
const pauseMs = { least: 600, most: 4000 }
const usualPatienceMs = 60_000

/**
 * Brings a service's schema up to date: each file once, in the order of their names, each in a transaction (or, where it
 * says so, outside of one: see `migrate-outside.ts`), under an advisory lock so that two processes that start together do
 * it once. Where nothing is to be done nothing is touched, so an application role suffices then.
 * @param url for migrations: a direct connection, not a pooler, of the role that owns the schema
 * @param files SQL by file name; only the part after the last slash counts
 * @param patience milliseconds that a file waits for others to let go of its tables, over all its tries
 * @returns names of the files that were applied now
 * @throws MigrationError when the tables stay locked, when it keeps others waiting, or the role may not change them
 * @throws Error when a file that was applied has changed since
 */
export async function migrate(
  url: string,
  schema: string,
  files: Record<string, string>,
  patience = usualPatienceMs,
): Promise<string[]> {
  const sql = connectTo(url, {
    connection: { application_name: `colonnade migrate ${schema}`, statement_timeout: 0 },
  })
  const sorted = sortFiles(files)
  try {
    if (waiting(sorted, await listApplied(sql, schema), schema).length === 0) return []
    await holdLock(sql, schema)
    await makeRecord(sql, schema)
    const fresh = waiting(sorted, await listApplied(sql, schema), schema)
    for (const file of fresh) {
      if (isOutside(file.text)) await runOutside(sql, schema, file.text)
      const run = isOutside(file.text) ? apply : watched(url, apply)
      await persist(() => run(sql, schema, file), `${schema}/${file.name}`, patience)
    }
    return fresh.map(({ name }) => name)
  } catch (error) {
    throw explained(error, schema)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

type File = { name: string; text: string; sha256: string }

function sortFiles(files: Record<string, string>): File[] {
  return Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      text,
      sha256: createHash('sha256').update(text).digest('hex'),
    }))
}

function waiting(files: readonly File[], applied: Map<string, string>, schema: string): File[] {
  const changed = files.find(({ name, sha256 }) => (applied.get(name) ?? sha256) !== sha256)
  if (!changed) return files.filter(({ name }) => !applied.has(name))
  throw new Error(
    `Migration ${schema}/${changed.name} was applied before and has changed since. Migrations only go forward: restore the file and add a new one.`,
  )
}

/** Hashes of what was applied, by name. */
async function listApplied(sql: Sql, schema: string): Promise<Map<string, string>> {
  const [found] = await sql`select to_regclass(${`${schema}.migration`}) is not null as there`
  if (!found?.there) return new Map()
  const rows = await sql<{ name: string; sha256: string }[]>`
    select name, sha256 from ${sql(schema)}.migration`
  return new Map(rows.map((row) => [row.name, row.sha256]))
}

/**
 * Waits until nobody else migrates this schema. By asking again and again: who waits inside a statement is itself waited
 * for by a concurrent index build, without end.
 */
async function holdLock(sql: Sql, schema: string): Promise<void> {
  for (;;) {
    const [row] = await sql<{ held: boolean }[]>`
      select pg_try_advisory_lock(hashtext('colonnade migrations'), hashtext(${schema})) as held`
    if (row?.held) return
    await delay(100)
  }
}

/** An owner may not be allowed to make schemas, where somebody made this one for it. */
async function makeRecord(sql: Sql, schema: string): Promise<void> {
  const [found] = await sql`select 1 from pg_namespace where nspname = ${schema}`
  if (!found) await sql`create schema ${sql(schema)}`
  await sql`
    create table if not exists ${sql(schema)}.migration (
      name text primary key,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`
}

/** A file and the note that it was applied, both or neither. What ran outside of a transaction is only noted. */
async function apply(sql: Sql, schema: string, { name, text, sha256 }: File): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local search_path to ${tx(schema)}, public`
    await tx`select set_config('lock_timeout', ${`${lockMs}ms`}, true)`
    if (!isOutside(text)) await tx.unsafe(text)
    await tx`insert into ${tx(schema)}.migration (name, sha256) values (${name}, ${sha256})`
  })
}

/** Others never wait long for what a file holds: it is undone then, and trying again would do the same again. */
function watched(url: string, run: typeof apply): typeof apply {
  return async (sql, schema, file) => {
    const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
    const watching = watch(url, row?.pid ?? 0)
    const failure = await run(sql, schema, file).catch((error: unknown) => error)
    // Before its verdict: who ended the statement may hear of it later than the statement's own connection does.
    await watching.close()
    if (failure === undefined) return
    if (!watching.ended() || codeOf(failure) !== '57014') throw failure
    throw new MigrationError(
      `Migration ${schema}/${file.name} kept others waiting for its tables and was undone; the version before can go on. ` +
        'Split it: what locks a table must be done at once, and what takes long must not lock one (docs/write-a-service.md).',
    )
  }
}

/** Tries again, after growing pauses, while somebody else holds what a migration needs. */
async function persist(run: () => Promise<void>, name: string, patience: number): Promise<void> {
  const until = performance.now() + patience
  for (let tries = 1, pause = pauseMs.least; ; tries++, pause = Math.min(pauseMs.most, pause * 2)) {
    try {
      await run()
      return
    } catch (error) {
      // 55P03: the lock was not to be had in time; 40P01: two waited for each other.
      if (!['55P03', '40P01'].includes(codeOf(error))) throw error
      if (performance.now() + pause > until) {
        throw new MigrationError(
          `Migration ${name} was tried ${tries} times: somebody holds its tables and does not let go. Nothing of it was applied, and the version before can go on. ` +
            'Find who it is (select pid, query, xact_start from pg_stat_activity order by xact_start), and run colonnade migrate again.',
        )
      }
    }
    await delay(pause * (0.75 + Math.random() / 2))
  }
}

function explained(error: unknown, schema: string): unknown {
  if (codeOf(error) !== '42501') return error
  return new MigrationError(
    `Migrations of ${schema} wait, and this role may not apply them (${String(error)}). ` +
      `Run colonnade migrate with ${schema.toUpperCase()}_DIRECT_DATABASE_URL naming the role that owns the schema.`,
  )
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
