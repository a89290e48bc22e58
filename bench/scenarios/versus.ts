import type { ClosedResult } from '../closed-load.ts'
import type { Address } from '../http/connection.ts'
import type { RequestPlan } from '../http/request.ts'
import { type Bench, median, perSecond } from '../scenario.ts'

type Run = Omit<ClosedResult, 'latency'> & { busy: number }

export type Versus = {
  ours: number
  bare: number
  ratio: number
  /** The most of a core that the generator used in any run. */
  busy: number
  failed: number
  errors: string[]
  rounds: { ours: Run; bare: Run }[]
}

const connections = 64

/** Ours and a peer in turns, so that whatever else the machine does meets both; the ratio is of the medians. */
export async function versus(
  bench: Bench,
  request: RequestPlan,
  ours: Address,
  bare: Address,
): Promise<Versus> {
  const seconds = bench.quick ? 3 : 6
  const rounds: Versus['rounds'] = []
  const measure = async (address: Address, warmUp: number): Promise<Run> => {
    const { latency: _, ...run } = await bench.generator.closed({
      request,
      address,
      expect: 200,
      connections,
      warmUp,
      seconds,
    })
    return run
  }
  for (let round = 1; round <= (bench.quick ? 3 : 5); round++) {
    const warmUp = round === 1 ? 3 : 1
    const pair = { ours: await measure(ours, warmUp), bare: await measure(bare, warmUp) }
    bench.say(
      `  round ${round}: ours ${perSecond(pair.ours.rate)}, bare ${perSecond(pair.bare.rate)}` +
        ` (generator used ${Math.round(pair.bare.busy * 100)} % of a core)`,
    )
    rounds.push(pair)
  }
  const oursRate = median(rounds.map((round) => round.ours.rate))
  const bareRate = median(rounds.map((round) => round.bare.rate))
  const runs = rounds.flatMap((round) => [round.ours, round.bare])
  return {
    ours: oursRate,
    bare: bareRate,
    ratio: oursRate / bareRate,
    busy: Math.max(...runs.map((run) => run.busy)),
    failed: runs.reduce((sum, run) => sum + run.failed, 0),
    errors: [...new Set(runs.flatMap((run) => run.errors))],
    rounds,
  }
}
