export const poolNames = ['hot', 'work', 'background'] as const
export type PoolName = (typeof poolNames)[number]

/** How many connections each pool of a service has in one process. */
export type PoolSizes = Record<PoolName, number>

const between = (least: number, most: number, wanted: number) =>
  Math.max(least, Math.min(most, Math.round(wanted)))

/**
 * Pool sizes of one service in one of several processes that share a machine. Point reads are pipelined, and fewer
 * connections carry more of them (one: 14.5 k a second on two cores, two: 12.2 k, four: 10.7 k), so there is one for
 * every two cores. What holds a transaction waits for the disk, not for a core, and has two for every core.
 * @param cores of the machine @param workers processes that share them
 */
export function poolSizes(cores: number, workers: number): PoolSizes {
  const share = cores / workers
  return {
    hot: between(1, 4, share / 2),
    work: between(2, 8, share * 2),
    background: workers > 1 ? 1 : 2,
  }
}

/** The most connections that one service holds in one process. */
export function connectionsOf({ hot, work, background }: PoolSizes): number {
  return hot + work + background
}
