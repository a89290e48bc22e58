import { cpus } from 'node:os'
import { serverTime } from '../processes.ts'
import { type Bench, judged, median, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { balancedOverHosts } from './spread.ts'

/** Two replicas, proxy, nginx, Postgres and the generator want one each. */
const coresNeeded = 6
const most = 1.15
const least = 1.7
/** Arrivals a second that each replica has to itself; two of them leave two cores some air. */
const each = 2000

type Count = 1 | 2
/** Microseconds of the replicas' processors for a read: with as many reads for each of them, and with as many in all. */
type Run = { equalEach: number; equalInAll: number; rate: number; failed: number }

/** Two replicas of the services behind nginx against one: what a request costs them together. */
export const replicas: Scenario = {
  name: 'replicas',
  about:
    'two replicas of the services behind nginx against one: processor time of a read, every cache off',
  async run(bench: Bench) {
    const opened = await balancedOverHosts(bench)
    if (typeof opened === 'string') {
      return { figures: [skipped('two replicas', opened)], plots: [], details: {} }
    }
    const { hosts, processes, generator, nginx, addresses, close } = opened
    const plan = {
      request: { method: 'GET', path: '/api/courses/1/instructors', headers: {} },
      address: { host: hosts.proxy.v4, port: 80 },
      expect: 200,
    } as const
    const [warmUp, seconds] = bench.quick ? [1, 2] : [2, 6]
    const costAt = async (count: Count, rate: number) => {
      const asked = processes.slice(0, count)
      const time = () => asked.reduce((sum, { pid }) => sum + serverTime(pid), 0)
      await generator.open([{ ...plan, rate, seconds: warmUp }])
      const before = time()
      const { results } = await generator.open([{ ...plan, rate, seconds }])
      const [result] = results
      if (!result) throw new Error('The generator gave no result.')
      return { cost: (time() - before) / result.answered, failed: result.planned - result.answered }
    }
    const runs: Record<Count, Run[]> = { 1: [], 2: [] }
    for (let round = 1; round <= (bench.quick ? 1 : 3); round++) {
      for (const count of [1, 2] as const) {
        nginx.services(addresses.slice(0, count))
        nginx.reload()
        const own = await costAt(count, each * count)
        const shared = count === 1 ? own : await costAt(count, each)
        const full = await generator.closed({ ...plan, connections: 32, warmUp, seconds })
        runs[count].push({
          equalEach: own.cost,
          equalInAll: shared.cost,
          rate: full.rate,
          failed: own.failed + shared.failed + full.failed,
        })
        bench.say(
          `  ${count}: ${own.cost.toFixed(1)} µs a read at ${each}/s each, ${shared.cost.toFixed(1)} µs at ${each}/s in all; at most ${perSecond(full.rate)}`,
        )
      }
    }
    await close()
    return { figures: figuresOf(runs), plots: [], details: runs }
  },
}

function figuresOf(runs: Record<Count, Run[]>) {
  const of = (count: Count, what: keyof Run) => median(runs[count].map((run) => run[what]))
  const failed = [...runs[1], ...runs[2]].reduce((sum, run) => sum + run.failed, 0)
  const ratio = (what: keyof Run) => of(2, what) / of(1, what)
  const cost = (count: Count, what: keyof Run) => `${of(count, what).toFixed(1)} µs`
  const measured = `${ratio('rate').toFixed(2)} × (${perSecond(of(2, 'rate'))})`
  const figure = 'two replicas ÷ one, reads a second'
  return [
    judged(
      ratio('equalEach') <= most && failed === 0,
      `two replicas ÷ one, processor time of all replicas for a read, each asked ${each} times a second`,
      `≤ ${most}`,
      `${ratio('equalEach').toFixed(2)} × (${cost(2, 'equalEach')})`,
      cost(1, 'equalEach'),
    ),
    told(
      `  asked ${each} times a second together`,
      `${ratio('equalInAll').toFixed(2)} × (${cost(2, 'equalInAll')})`,
      cost(1, 'equalInAll'),
    ),
    cpus().length < coresNeeded
      ? skipped(
          figure,
          `${cpus().length} cores are shared by replicas, proxy, nginx, Postgres and generator, ${coresNeeded} are needed; it was ${measured}`,
        )
      : judged(ratio('rate') >= least, figure, `≥ ${least}`, measured, perSecond(of(1, 'rate'))),
    told('  requests that failed meanwhile', String(failed)),
  ]
}
