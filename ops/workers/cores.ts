import { availableParallelism } from 'node:os'
import { connectionsOf, type PoolSizes, poolSizes } from '@colonnade/db'

/** What a machine is divided into. */
export type Division = { cores: number; workers: number; pools: PoolSizes }

/** How WORKERS processes share this machine's cores, and what each service's pools are in one of them. */
export function divide(workers: number, cores = availableParallelism()): Division {
  return { cores, workers, pools: poolSizes(cores, workers) }
}

/**
 * The most connections that `services` services hold on one database. While processes are replaced one after the other,
 * there is one more of them.
 */
export function connectionsNeeded({ workers, pools }: Division, services: number): number {
  return services * connectionsOf(pools) * (workers > 1 ? workers + 1 : 1)
}

/** For commands, backups, and whoever looks at the database beside it. */
export const spareConnections = 5

/** What a database should take: another process of this installation may stand beside one, or take its place. */
export function connectionsWanted(division: Division, services: number): number {
  return 2 * (connectionsNeeded(division, services) + spareConnections)
}
