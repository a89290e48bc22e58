import { connectTo, type Sql } from '@colonnade/db'

/**
 * One connection that may take as long as it needs. Its search path is bare, so that the catalog writes every
 * definition with full names.
 */
export function connect(url: string): Sql {
  return connectTo(url, {
    max_lifetime: null,
    connection: {
      application_name: 'colonnade seed',
      search_path: 'pg_catalog',
      statement_timeout: 0,
      lock_timeout: 30_000,
      idle_in_transaction_session_timeout: 0,
    },
  })
}
