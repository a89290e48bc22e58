import postgres from 'postgres'
import { readAddress } from './address.ts'
import { connectionName } from './connections.ts'
import { MendingPool } from './mending-pool.ts'
import type { PoolName, PoolSizes } from './pool-sizes.ts'
import { traced } from './traced.ts'

export type Sql = postgres.Sql
export type Transaction = postgres.TransactionSql

/**
 * A service's two pools. Few connections are faster than many, because queries are pipelined on them; what is slow
 * or holds a transaction has connections of its own, so that it never stands in front of a point read.
 */
export type Database = {
  /** Point reads and single-statement writes. */
  readonly hot: Sql
  /** Transactions, searches, and all that may take long. */
  readonly work: Sql
  /**
   * The relay's: commits without waiting for the disk. What a crash undoes there is done again, since events are
   * delivered at least once, and durable writes do not queue behind it.
   */
  readonly background: Sql
  /** The most connections that each may open. */
  readonly sizes: PoolSizes
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  /** Shown in pg_stat_activity, with the pool's. */
  name: string
} & Partial<PoolSizes>

/** Milliseconds: what a statement may take, and a little more until the pool counts as dead. */
const hotStatementMs = 2000
const workStatementMs = 10_000
const silenceMs = 2000

/**
 * Opens the pools; connections are made when first needed and made again when lost. Times in milliseconds.
 * @throws AddressError when the address names a certificate that cannot be read
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, name, hot = 2, work = 4, background = 2 } = options
  const sizes: PoolSizes = { hot, work, background }
  const address = readAddress(url)
  const open = (pool: PoolName, statementTimeout: number, settings = {}) =>
    new MendingPool(
      ({ socket }) =>
        traced(
          postgres(address.url, {
            ...{ socket, ...(address.path && { path: address.path }) },
            ssl: false,
            max: sizes[pool],
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
              application_name: connectionName(name, pool),
              statement_timeout: statementTimeout,
              lock_timeout: Math.min(statementTimeout, 2000),
              idle_in_transaction_session_timeout: 10_000,
              ...settings,
            },
          }),
        ),
      statementTimeout + silenceMs,
      address,
    )
  const pools = {
    hot: open('hot', hotStatementMs),
    work: open('work', workStatementMs),
    background: open('background', workStatementMs, { synchronous_commit: 'off' }),
  }
  return {
    sizes,
    hot: pools.hot.sql,
    work: pools.work.sql,
    background: pools.background.sql,
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.close()))
    },
  }
}

/** Asks the database for nothing. Rejects when it does not answer. */
export async function ping({ hot }: Database): Promise<void> {
  await hot`select 1`
}
