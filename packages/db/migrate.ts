import { createHash } from 'node:crypto'
import postgres from 'postgres'

/**
 * Brings a service's schema up to date: each file once, in the order of their names, each in a transaction, under an
 * advisory lock so that two processes that start together do it once.
 * @param url for migrations: a direct connection, not a pooler
 * @param files SQL by file name; only the part after the last slash counts
 * @returns names of the files that were applied now
 * @throws when a file that was applied has changed since
 */
export async function migrate(
  url: string,
  schema: string,
  files: Record<string, string>,
): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { lock_timeout: 5000 } })
  try {
    await sql`select pg_advisory_lock(hashtext('colonnade migrations'), hashtext(${schema}))`
    await sql`create schema if not exists ${sql(schema)}`
    await sql`
      create table if not exists ${sql(schema)}.migration (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`
    const applied = new Map(
      (
        await sql<{ name: string; sha256: string }[]>`
          select name, sha256 from ${sql(schema)}.migration`
      ).map((row) => [row.name, row.sha256]),
    )
    const fresh: string[] = []
    for (const [path, text] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const sha256 = createHash('sha256').update(text).digest('hex')
      const before = applied.get(name)
      if (before === sha256) continue
      if (before) {
        throw new Error(
          `Migration ${schema}/${name} was applied before and has changed since. Migrations only go forward: restore the file and add a new one.`,
        )
      }
      await sql.begin(async (tx) => {
        await tx`set local search_path to ${tx(schema)}, public`
        await tx.unsafe(text)
        await tx`insert into ${tx(schema)}.migration (name, sha256) values (${name}, ${sha256})`
      })
      fresh.push(name)
    }
    return fresh
  } finally {
    await sql.end({ timeout: 5 })
  }
}
