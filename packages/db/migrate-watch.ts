import { setTimeout as delay } from 'node:timers/promises'
import { connectTo } from './connect.ts'
import type { Sql } from './database.ts'

/** Milliseconds that somebody may have waited for what a migration holds, and how often that is looked at. */
const mostMs = 500
const everyMs = 100

export type Watch = {
  /** Whether the migration was ended, since others waited for it. */
  ended(): boolean
  close(): Promise<void>
}

/**
 * Ends a migration's statement as soon as anybody has waited half a second for what it holds: a lock that was had at once
 * can be held for too long. What it did is undone then.
 * @param pid of the connection that migrates
 */
export function watch(url: string, pid: number): Watch {
  const sql = connectTo(url, { connection: { application_name: 'colonnade migrate watch' } })
  let ended = false
  let closed = false
  const looking = (async () => {
    while (!closed) {
      ended = (await endIfWaitedFor(sql, pid).catch(() => false)) || ended
      await delay(everyMs)
    }
  })()
  return {
    ended: () => ended,
    async close() {
      closed = true
      await looking
      await sql.end({ timeout: 1 })
    },
  }
}

async function endIfWaitedFor(sql: Sql, pid: number): Promise<boolean> {
  const rows = await sql`
    select pg_cancel_backend(${pid})
    where exists (
      select from pg_locks
      where not granted and pid <> ${pid} and ${pid} = any(pg_blocking_pids(pid))
        and waitstart < clock_timestamp() - make_interval(secs => ${mostMs / 1000}))`
  return rows.length > 0
}
