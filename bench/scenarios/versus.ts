import type { ClosedPlan, ClosedResult } from '../closed-load.ts'
import type { Address } from '../http/connection.ts'
import type { RequestPlan } from '../http/request.ts'
import { serverTime } from '../processes.ts'
import { type Bench, median, perSecond } from '../scenario.ts'

/** A server to be asked, and its process. */
export type Side = { address: Address; pid: number }

export type Run = ClosedResult & {
  busy: number
  /** Microseconds of processor time that the server spent on a request; hardly changed by a busy machine. */
  cost: number | undefined
}

export type Versus = {
  ours: number
  bare: number
  ratio: number
  /** Medians of `cost`. */
  costs: { ours: number; bare: number }
  /** The most of a core that the generator used in any run. */
  busy: number
  failed: number
  errors: string[]
  rounds: { ours: Run; bare: Run }[]
}

/** As fast as one side goes, for `seconds` after the warm-up. */
export async function measureSide(
  bench: Bench,
  { address, pid }: Side,
  plan: Pick<ClosedPlan, 'request' | 'warmUp' | 'seconds'> & Partial<ClosedPlan>,
): Promise<Run> {
  const before = serverTime(pid)
  const given = { expect: 200, connections: 64, ...plan, address }
  const run = await bench.generator.closed(given)
  const spent = serverTime(pid) - before
  // The warm-up is in the time, and at the same pace in the requests.
  const requests = run.answered * (1 + plan.warmUp / plan.seconds)
  return { ...run, cost: Number.isFinite(spent) ? spent / requests : undefined }
}

/**
 * Ours and a peer in turns, each first in every other round, so that whatever else the machine does meets both; the ratio
 * is the median of the rounds’: a machine that becomes slower half-way is in both of a pair, and not in both medians. The
 * rounds are short, because a shared machine is slow for some ten seconds now and then.
 */
export async function versus(
  bench: Bench,
  request: RequestPlan,
  ours: Side,
  bare: Side,
): Promise<Versus> {
  const seconds = 3
  const rounds: Versus['rounds'] = []
  for (let round = 1; round <= (bench.quick ? 3 : 15); round++) {
    const measure = (side: Side) =>
      measureSide(bench, side, { request, warmUp: round === 1 ? 3 : 0.5, seconds })
    const first = await measure(round % 2 ? ours : bare)
    const second = await measure(round % 2 ? bare : ours)
    const pair = round % 2 ? { ours: first, bare: second } : { ours: second, bare: first }
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
    ratio: median(rounds.map((round) => round.ours.rate / round.bare.rate)),
    costs: {
      ours: median(rounds.map((round) => round.ours.cost ?? 0)),
      bare: median(rounds.map((round) => round.bare.cost ?? 0)),
    },
    busy: Math.max(...runs.map((run) => run.busy)),
    failed: runs.reduce((sum, run) => sum + run.failed, 0),
    errors: [...new Set(runs.flatMap((run) => run.errors))],
    rounds,
  }
}

export const describeCosts = ({ costs }: Versus): [ours: string, bare: string] => [
  `${costs.ours.toFixed(1)} µs`,
  `${costs.bare.toFixed(1)} µs`,
]
