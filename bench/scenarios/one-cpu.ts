import { type Group, makeGroup } from '../cgroup.ts'
import { Histogram } from '../histogram.ts'
import type { Address } from '../http/connection.ts'
import type { OpenResult } from '../open-load.ts'
import { type Bench, type Figure, judged, ms, type Scenario, skipped, told } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { describe, dropped, requests, type Target } from './requests.ts'

const gibibyte = 2 ** 30
const p99Target = 100_000

type Plan = {
  name: string
  targets: readonly Target[]
  rate: number
  cpus: number
  /** Whether p99 has a target too. */
  inTime: boolean
}
type Run = Plan & { results: OpenResult[]; busy: number; throttled: number }

/** The whole platform and its Postgres in a control group of one core and 1 GiB; the generator is outside. */
export const oneCpu: Scenario = {
  name: 'one-cpu',
  about: 'everything in a control group of 1 CPU and 1 GiB, then of a tenth of a CPU',
  async run(bench: Bench) {
    await bench.stopInstallation()
    const group = makeGroup(bench.cleanup, gibibyte)
    if ('refused' in group) {
      return { figures: [skipped('1 CPU and 1 GiB', group.refused)], plots: [], details: {} }
    }
    const installation = await bench.start({ through: group.through })
    const data = await seedOnce(bench, installation)
    const { page, read, write } = requests(installation, data, `One ${Date.now()}`)
    const full = { cpus: 1, inTime: true }
    const plans: Plan[] = [
      { name: 'course page', targets: [page], rate: 1000, ...full },
      { name: 'GET instructors', targets: [read], rate: 1000, ...full },
      { name: 'POST instructor', targets: [write], rate: 1000, ...full },
      { name: 'all three at once', targets: [page, read, write], rate: 1000 / 3, ...full },
      { name: 'course page', targets: [page], rate: 5000, cpus: 1, inTime: false },
      { name: 'course page', targets: [page], rate: 500, cpus: 0.1, inTime: false },
    ]
    // Start, seed and first compilations are not what is limited here.
    for (const target of [page, read, write]) await warmUp(bench, target, installation.address)
    const runs: Run[] = []
    for (const plan of plans) runs.push(await measure(bench, plan, group, installation.address))
    group.limitCpus(undefined)
    const { peakMemoryBytes } = group.usage()
    await installation.stop()
    await group.remove()
    return {
      figures: [
        ...runs.flatMap(figuresOf),
        told(
          '  most memory in the group: server, Postgres and its files in the cache',
          `${(peakMemoryBytes / 2 ** 20).toFixed(0)} MiB (limit 1024)`,
        ),
      ],
      plots: [],
      details: { version: group.version, runs, peakMemoryBytes },
    }
  },
}

async function warmUp(bench: Bench, { request, expect }: Target, address: Address): Promise<void> {
  await bench.generator.open([
    { request, expect, address, rate: 500, seconds: bench.quick ? 1 : 5 },
  ])
}

async function measure(bench: Bench, plan: Plan, group: Group, address: Address): Promise<Run> {
  const { targets, rate, cpus, name } = plan
  const seconds = bench.quick ? 3 : 60
  group.limitCpus(cpus)
  const before = group.usage()
  const { results, busy } = await bench.generator.open(
    targets.map(({ request, expect }) => ({ request, expect, address, rate, seconds })),
  )
  const after = group.usage()
  const periods = after.periods - before.periods
  const throttled = periods > 0 ? (after.throttled - before.throttled) / periods : 0
  const told = results.map(describe).join('; ')
  bench.say(`  ${cpus} CPU, ${name} at ${Math.round(rate)}/s: ${told}`)
  return { ...plan, results, busy, throttled }
}

function figuresOf({ targets, rate, cpus, inTime, results, busy, throttled }: Run): Figure[] {
  const rows = results.map((result, i) => {
    const latency = Histogram.from(result.latency)
    const p99 = latency.percentile(99)
    const together = results.length > 1 ? ', all three at once' : ''
    const where = cpus === 1 ? '1 CPU, 1 GiB' : `${cpus * 100} % of a core, 1 GiB`
    return judged(
      result.answered === result.planned && (!inTime || p99 < p99Target),
      `${where}: ${targets[i]?.name}${together} at ${Math.round(rate)}/s`,
      inTime ? '0.00 % dropped, p99 < 100 ms' : '0.00 % dropped',
      `${dropped(result)}; p50 ${ms(latency.percentile(50))}, p99 ${ms(p99)}, max ${ms(latency.max)}`,
    )
  })
  return [
    ...rows,
    told(
      '  periods of 100 ms in which the group wanted more; generator’s share of a core',
      `${(throttled * 100).toFixed(1)} %; ${busy.toFixed(2)}`,
    ),
  ]
}
