import { createHash, randomBytes } from 'node:crypto'
import postgres from 'postgres'

export type TestDatabase = {
  name: string
  url: string
  drop(): Promise<void>
}

type Server = { url: string; run: string }
export type Prepare = (url: string) => Promise<void>

/** Clones a database from the run's template of this name, which the first to come prepares while others wait. */
export async function cloneDatabase(
  server: Server,
  name: string,
  prepare: Prepare,
): Promise<TestDatabase> {
  const sql = connect(server.url)
  const recipe = createHash('sha256').update(`${name}\n${prepare}`).digest('hex').slice(0, 8)
  const template = `${server.run}_template_${recipe}`
  const clone = `${server.run}_${randomBytes(5).toString('hex')}`
  try {
    await sql`select pg_advisory_lock(hashtext(${template}))`
    const [found] = await sql`select 1 from pg_database where datname = ${template}`
    if (!found) await makeTemplate(sql, server.url, template, prepare)
    await sql`select pg_advisory_unlock(hashtext(${template}))`
    await sql`create database ${sql(clone)} template ${sql(template)}`
  } finally {
    await sql.end()
  }
  return { name: clone, url: withName(server.url, clone), drop: () => drop(server.url, clone) }
}

async function makeTemplate(
  sql: postgres.Sql,
  url: string,
  template: string,
  prepare: Prepare,
): Promise<void> {
  // Renamed when complete: a preparation that failed leaves no template behind.
  const draft = `${template}_draft`
  await sql`drop database if exists ${sql(draft)} with (force)`
  await sql`create database ${sql(draft)} template template0 encoding 'UTF8'`
  await prepare(withName(url, draft))
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${draft}`
  await sql`alter database ${sql(draft)} rename to ${sql(template)}`
}

/** Drops every database a run has left on the server. */
export async function dropRun(url: string, run: string): Promise<void> {
  const sql = connect(url)
  try {
    const left = await sql`select datname from pg_database where starts_with(datname, ${run})`
    for (const { datname } of left) {
      await sql`drop database if exists ${sql(datname)} with (force)`
    }
  } finally {
    await sql.end()
  }
}

async function drop(url: string, name: string): Promise<void> {
  const sql = connect(url)
  try {
    await sql`drop database if exists ${sql(name)} with (force)`
  } finally {
    await sql.end()
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => {} })
}

function withName(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
