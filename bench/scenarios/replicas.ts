import { cpus } from 'node:os'
import { serverTime } from '../processes.ts'
import { type Bench, judged, median, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { balancedOverHosts } from './spread.ts'

/** Two replicas, proxy, nginx, Postgres and the generator want one each. */
const coresNeeded = 6
const most = 1.15
const least = 1.7

type Run = { rate: number; cost: number; failed: number }

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
    const services = processes.slice(0, 2)
    const time = () => services.reduce((sum, { pid }) => sum + serverTime(pid), 0)
    const runs: Record<1 | 2, Run[]> = { 1: [], 2: [] }
    const [warmUp, seconds] = bench.quick ? [1, 2] : [2, 6]
    for (let round = 1; round <= (bench.quick ? 1 : 3); round++) {
      for (const count of [1, 2] as const) {
        nginx.services(addresses.slice(0, count))
        nginx.reload()
        const before = time()
        const result = await generator.closed({
          request: { method: 'GET', path: '/api/courses/1/instructors', headers: {} },
          address: { host: hosts.proxy.v4, port: 80 },
          expect: 200,
          connections: 32,
          warmUp,
          seconds,
        })
        const cost = (time() - before) / (result.answered * (1 + warmUp / seconds))
        runs[count].push({ rate: result.rate, cost, failed: result.failed })
        bench.say(`  ${count}: ${perSecond(result.rate)}, ${cost.toFixed(1)} µs a read`)
      }
    }
    await close()
    return { figures: figuresOf(runs), plots: [], details: runs }
  },
}

function figuresOf(runs: Record<1 | 2, Run[]>) {
  const of = (count: 1 | 2, what: 'rate' | 'cost') => median(runs[count].map((run) => run[what]))
  const failed = [...runs[1], ...runs[2]].reduce((sum, run) => sum + run.failed, 0)
  const cost = of(2, 'cost') / of(1, 'cost')
  const rate = of(2, 'rate') / of(1, 'rate')
  const measured = `${rate.toFixed(2)} × (${perSecond(of(2, 'rate'))})`
  const figure = 'two replicas ÷ one, reads a second'
  return [
    judged(
      cost <= most && failed === 0,
      'two replicas ÷ one, processor time of all replicas for a read',
      `≤ ${most}`,
      `${cost.toFixed(2)} × (${of(2, 'cost').toFixed(1)} µs)`,
      `${of(1, 'cost').toFixed(1)} µs`,
    ),
    cpus().length < coresNeeded
      ? skipped(
          figure,
          `${cpus().length} cores are shared by replicas, proxy, nginx, Postgres and generator, ${coresNeeded} are needed; it was ${measured}`,
        )
      : judged(rate >= least, figure, `≥ ${least}`, measured, perSecond(of(1, 'rate'))),
    told('  requests that failed meanwhile', String(failed)),
  ]
}
