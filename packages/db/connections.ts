import type { Database } from './database.ts'
import type { PoolName } from './pool-sizes.ts'

/** What a pool's connections are called in pg_stat_activity. */
export const connectionName = (service: string, pool: PoolName) => `colonnade ${service} ${pool}`

/** A service's connections to its database by pool and by what they do, those of all processes. */
export async function countConnections(
  { background }: Database,
  service: string,
): Promise<{ pool: string; state: string; count: number }[]> {
  const begin = connectionName(service, 'hot').slice(0, -'hot'.length)
  return await background<{ pool: string; state: string; count: number }[]>`
    select substr(application_name, ${begin.length + 1}) as pool, state, count(*)::int as count
    from pg_stat_activity
    where starts_with(application_name, ${begin}) and state is not null
    group by 1, 2`
}
