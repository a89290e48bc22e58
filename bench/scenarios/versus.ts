import { readFileSync } from 'node:fs'
import type { ClosedResult } from '../closed-load.ts'
import type { Address } from '../http/connection.ts'
import type { RequestPlan } from '../http/request.ts'
import { type Bench, median, perSecond } from '../scenario.ts'

/** A server to be asked, and its process. */
export type Side = { address: Address; pid: number }

type Run = Omit<ClosedResult, 'latency'> & {
  busy: number
  /** Microseconds of processor time that the server's process spent on a request; hardly changed by a busy machine. */
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

const connections = 64

/** Ours and a peer in turns, so that whatever else the machine does meets both; the ratio is of the medians. */
export async function versus(
  bench: Bench,
  request: RequestPlan,
  ours: Side,
  bare: Side,
): Promise<Versus> {
  const seconds = bench.quick ? 3 : 6
  const rounds: Versus['rounds'] = []
  const measure = async ({ address, pid }: Side, warmUp: number): Promise<Run> => {
    const before = processorTime(pid)
    const { latency: _, ...run } = await bench.generator.closed({
      request,
      address,
      expect: 200,
      connections,
      warmUp,
      seconds,
    })
    const spent = processorTime(pid) - before
    // The warm-up is in the time, and at the same pace in the requests.
    const requests = run.answered * (1 + warmUp / seconds)
    return { ...run, cost: Number.isFinite(spent) ? spent / requests : undefined }
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

/** Microseconds of processor time so far; NaN where the system does not tell (Linux does, in hundredths of a second). */
function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return Number.NaN
  }
}

export const describeCosts = ({ costs }: Versus): [ours: string, bare: string] => [
  `${costs.ours.toFixed(1)} µs`,
  `${costs.bare.toFixed(1)} µs`,
]
