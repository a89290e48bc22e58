import { realpathSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { isServerOf } from './embedded-process.ts'

/**
 * One connection that a launcher holds for as long as it lives. Its advisory lock says that this server has a
 * launcher, and vanishes with it, however it ends; its loss tells the launcher that the server is gone.
 */
export type Guard = { version: string; lost: Promise<void>; close(): Promise<void> }

/** Somebody else's launcher has this server. */
export class TakenError extends Error {}

/** The server answers, but is not ours, or does not let us in. */
export class StrangerError extends Error {}

const lockKey = 1_668_246_638

/**
 * Waits until the server that `pid` is lets us in, checks that it is the one, and takes its lock. Milliseconds of
 * `patience` are for a server that says nothing; one that is starting or recovering is waited for.
 */
export async function holdGuard(
  url: string,
  cluster: string,
  pid: number,
  patience: number,
): Promise<Guard> {
  let silentSince = performance.now()
  for (;;) {
    try {
      return await connectGuard(url, cluster)
    } catch (error) {
      if (error instanceof TakenError || error instanceof StrangerError) throw error
      const code = error instanceof postgres.PostgresError ? error.code : undefined
      // 57P03: starting up or recovering, 53300: every place taken.
      if (code === '57P03' || code === '53300') silentSince = performance.now()
      if (performance.now() - silentSince > patience || !isServerOf(pid, cluster)) throw error
      await delay(50)
    }
  }
}

async function connectGuard(url: string, cluster: string): Promise<Guard> {
  let lose = () => {}
  const lost = new Promise<void>((resolve) => {
    lose = resolve
  })
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 3,
    max_lifetime: null,
    onnotice: () => {},
    onclose: () => lose(),
    connection: { application_name: `colonnade launcher ${process.pid}` },
  })
  const close = () => sql.end({ timeout: 1 })
  try {
    const [server] = await sql`
      select current_setting('data_directory') as folder, current_setting('server_version') as version`
    if (realpathSync(String(server?.folder)) !== cluster) {
      throw new StrangerError(
        `Another Postgres answers where ours should, serving ${server?.folder}.`,
      )
    }
    await takeLock(sql)
    await makeDatabase(sql)
    return { version: String(server?.version).split(' ')[0] ?? '', lost, close }
  } catch (error) {
    await close()
    if (error instanceof postgres.PostgresError && error.code.startsWith('28')) {
      throw new StrangerError(
        `The database in ${cluster} does not accept the password kept in its colonnade.password.`,
      )
    }
    throw error
  }
}

async function takeLock(sql: postgres.Sql): Promise<void> {
  // A launcher killed a moment ago may not have been missed yet.
  for (let attempt = 0; attempt < 10; attempt++) {
    const [lock] = await sql`select pg_try_advisory_lock(${lockKey}) as taken`
    if (lock?.taken) return
    await delay(50)
  }
  const [holder] = await sql`
    select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.objid = ${lockKey}`
  throw new TakenError(String(holder?.name ?? 'another launcher'))
}

async function makeDatabase(sql: postgres.Sql): Promise<void> {
  const [found] = await sql`select 1 from pg_database where datname = 'colonnade'`
  if (!found) await sql`create database colonnade`
}
