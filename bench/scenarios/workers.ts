import { cpus } from 'node:os'
import { makeDataFolder } from '../installation.ts'
import { descendants } from '../processes.ts'
import { type Bench, judged, median, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { requests } from './requests.ts'
import { measureSide, type Run } from './versus.ts'

const target = 1.7
/** Two workers, Postgres and the generator need one each. */
const coresNeeded = 4

/** Two processes on one port against one; where there are too few cores, what a request costs either of them. */
export const workers: Scenario = {
  name: 'workers',
  about: 'WORKERS=2 against WORKERS=1, on the cached page and a read',
  async run(bench: Bench) {
    await bench.stopInstallation()
    const data = makeDataFolder(bench.cleanup)
    const runs: { workers: number; name: string; run: Run }[] = []
    const processes = new Map<number, number>()
    for (let round = 1; round <= (bench.quick ? 1 : 3); round++) {
      for (const count of [1, 2]) {
        const installation = await bench.start({ data, env: { WORKERS: String(count) } })
        processes.set(count, descendants(installation.pid, 'server').length)
        const seeded = await seedOnce(bench, installation)
        const { page, read } = requests(installation, seeded, '')
        for (const { name, request } of [page, read]) {
          const plan = { request, warmUp: 2, seconds: bench.quick ? 2 : 6 }
          const run = await measureSide(bench, installation, plan)
          runs.push({ workers: count, name, run })
          bench.say(`  ${name}, ${count} worker${count > 1 ? 's' : ''}: ${perSecond(run.rate)}`)
        }
        await installation.stop()
      }
    }
    if (process.platform === 'linux' && (processes.get(2) ?? 0) <= (processes.get(1) ?? 0)) {
      throw new Error('WORKERS=2 started no more processes than WORKERS=1.')
    }
    const names = [...new Set(runs.map(({ name }) => name))]
    return {
      figures: names.flatMap((name) => {
        const of = (count: number) =>
          runs.filter((one) => one.name === name && one.workers === count).map(({ run }) => run)
        return figuresOf(name, of(1), of(2))
      }),
      plots: [],
      details: runs,
    }
  },
}

function figuresOf(name: string, one: readonly Run[], two: readonly Run[]) {
  const rate = (runs: readonly Run[]) => median(runs.map((run) => run.rate))
  const cost = (runs: readonly Run[]) => `${median(runs.map((run) => run.cost ?? 0)).toFixed(1)} µs`
  const busy = Math.max(...[...one, ...two].map((run) => run.busy))
  const failed = [...one, ...two].reduce((sum, run) => sum + run.failed, 0)
  const ratio = rate(two) / rate(one)
  const figure = `WORKERS=2 ÷ WORKERS=1, ${name}`
  const measured = `${ratio.toFixed(2)} × (${perSecond(rate(two))})`
  const why =
    cpus().length < coresNeeded
      ? `${cpus().length} cores are shared with Postgres and the generator, ${coresNeeded} are needed`
      : busy > 0.9
        ? `the generator used ${busy.toFixed(2)} of its core and was the bottleneck`
        : undefined
  return [
    why
      ? skipped(figure, `${why}; it was ${measured}`)
      : judged(
          ratio >= target && failed === 0,
          figure,
          `≥ ${target}`,
          measured,
          perSecond(rate(one)),
        ),
    told('  processor time of all workers for one request', cost(two), cost(one)),
  ]
}
