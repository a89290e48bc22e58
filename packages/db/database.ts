import postgres from 'postgres'
import type { PoolSizes } from './pool-sizes.ts'

export type Sql = postgres.Sql
export type Transaction = postgres.TransactionSql

/**
 * A service's two pools. Few connections are faster than many, because queries are pipelined on them; what is slow
 * or holds a transaction has connections of its own, so that it never stands in front of a point read.
 */
export type Database = {
  /** Point reads and single-statement writes. */
  hot: Sql
  /** Transactions, searches, and all that may take long. */
  work: Sql
  /**
   * The relay's: commits without waiting for the disk. What a crash undoes there is done again, since events are
   * delivered at least once, and durable writes do not queue behind it.
   */
  background: Sql
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  /** Shown in pg_stat_activity. */
  name: string
} & Partial<PoolSizes>

/** Opens the pools; connections are made when first needed and made again when lost. Times in milliseconds. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, name, hot = 2, work = 4, background = 2 } = options
  const open = (max: number, statementTimeout: number, settings = {}) =>
    postgres(url, {
      max,
      connect_timeout: 2,
      idle_timeout: 60,
      // A database that comes back is found again at once, not after the default's growing pauses.
      backoff: () => 0.1 + Math.random() * 0.1,
      onnotice: () => {},
      types: {
        // Counts and catalogue ids stay below 2^53, so they are numbers.
        bigint: { to: 20, from: [20], serialize: String, parse: Number },
      },
      connection: {
        application_name: `colonnade ${name}`,
        statement_timeout: statementTimeout,
        lock_timeout: Math.min(statementTimeout, 2000),
        idle_in_transaction_session_timeout: 10_000,
        ...settings,
      },
    })
  const pools = {
    hot: open(hot, 2000),
    work: open(work, 10_000),
    background: open(background, 10_000, { synchronous_commit: 'off' }),
  }
  return {
    ...pools,
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.end({ timeout: 5 })))
    },
  }
}

/** Asks the database for nothing. Rejects when it does not answer. */
export async function ping({ hot }: Database): Promise<void> {
  await hot`select 1`
}
