import { connectTo } from '@colonnade/db'
import { Histogram } from '../histogram.ts'
import type { OpenPlan, OpenResult } from '../open-load.ts'
import { type Bench, type Figure, judged, ms, type Scenario } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { describe, dropped, requests, type Target } from './requests.ts'

type RateRun = { name: string; rate: number; busy: number; result: OpenResult }

const fullRate = 1000
const steps = [1, 10, 100]

/** Constant arrival rates on what is read from cache, what is read from the database, and what is written. */
export const rate1000: Scenario = {
  name: 'rate-1000',
  about:
    'constant arrival rates on the page, on a read and on a write: latency and what was dropped',
  async run(bench: Bench) {
    const installation = await bench.installation()
    const { address, database } = installation
    const mark = `Bench ${Date.now()}`
    const { page, read, write } = requests(installation, await seedOnce(bench), mark)
    const targets = [page, read, write]
    const runs: RateRun[] = []
    const measure = async (together: readonly Target[], rate: number, seconds: number) => {
      const plans: OpenPlan[] = together.map(({ request, expect }) => ({
        ...{ request, expect, address, rate, seconds },
      }))
      const { results, busy } = await bench.generator.open(plans)
      for (const [i, { name }] of together.entries()) {
        const result = results[i]
        if (!result) continue
        const among = together.length > 1 ? `${name}, all three at once` : name
        runs.push({ name: among, rate, busy, result })
        bench.say(`  ${among} at ${Math.round(rate)}/s: ${describe(result)}`)
      }
    }

    for (const target of targets) {
      for (const rate of steps) await measure([target], rate, bench.quick ? 2 : 5)
      await measure([target], fullRate, bench.seconds)
    }
    await measure(targets, fullRate / targets.length, bench.seconds)
    const stored = await countStored(database, mark)
    const acknowledged = runs
      .filter(({ name }) => name.startsWith('POST'))
      .reduce((sum, { result }) => sum + result.answered, 0)
    return {
      figures: [
        ...runs.map(toFigure),
        judged(
          stored.count >= acknowledged && stored.fsync === 'on' && stored.commit === 'on',
          '  acknowledged writes that are stored, with fsync on',
          'all',
          `${acknowledged} acknowledged, ${stored.count} stored`,
        ),
      ],
      plots: [latencyPlot(runs), timePlot(runs)],
      details: { runs, acknowledged, stored },
    }
  },
}

function toFigure({ name, rate, result }: RateRun): Figure {
  const latency = Histogram.from(result.latency)
  const percentiles = [50, 90, 99].map(
    (percent) => `p${percent} ${ms(latency.percentile(percent))}`,
  )
  return judged(
    result.answered === result.planned,
    `${name} at ${Math.round(rate)}/s`,
    '0.00 % dropped',
    `${dropped(result)}; ${percentiles.join(', ')}, max ${ms(latency.max)}`,
  )
}

async function countStored(database: string, mark: string) {
  const sql = connectTo(database)
  try {
    const [row] = await sql<{ count: string; fsync: string; commit: string }[]>`
      select count(*) as count, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit
      from instructors.instructor where last_name like ${`${mark} %`}`
    return { count: Number(row?.count), fsync: row?.fsync, commit: row?.commit }
  } finally {
    await sql.end()
  }
}

function latencyPlot(runs: readonly RateRun[]) {
  const percents = [0.1, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99]
  return {
    kind: 'lines' as const,
    title: 'Latency by percentile, from the intended start',
    x: { label: 'percentile', ticks: [50, 90, 99, 99.9, 99.99], scale: 'percentile' as const },
    y: { label: 'milliseconds', scale: 'log' as const },
    lines: runs
      .filter(({ rate }) => rate > Math.max(...steps))
      .map(({ name, rate, result }) => {
        const latency = Histogram.from(result.latency)
        const points = percents.map(
          (percent) => [percent, latency.percentile(percent) / 1000] as const,
        )
        return { label: `${name}, ${Math.round(rate)}/s`, points }
      }),
  }
}

function timePlot(runs: readonly RateRun[]) {
  return {
    kind: 'lines' as const,
    title: 'p99 of each second',
    x: { label: 'seconds', scale: 'linear' as const },
    y: { label: 'milliseconds', scale: 'log' as const },
    lines: runs
      .filter(({ rate }) => rate > Math.max(...steps))
      .map(({ name, rate, result }) => ({
        label: `${name}, ${Math.round(rate)}/s`,
        points: result.seconds.map(({ at, p99 }) => [at, p99 / 1000] as const),
      })),
  }
}
