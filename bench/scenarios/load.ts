import { Histogram } from '../histogram.ts'
import type { Address } from '../http/connection.ts'
import type { OpenResult } from '../open-load.ts'
import { type Bench, type Figure, judged, ms, perSecond, type Scenario, told } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { describe, dropped, lost, requests, type Target } from './requests.ts'

type Step = { rate: number; busy: number; result: OpenResult; p50: number; p99: number }
type Climb = { name: string; steps: Step[]; held: number; end: string }

/** What the origin published: deployed on t2.micro hosts, and then with NGINX over three replicas. */
const published = [
  { name: 'GET, t2.micro hosts', ms: 6022, dropped: 71.14, beside: 'GET instructors' },
  { name: 'POST, t2.micro hosts', ms: 2848, dropped: 41.04, beside: 'POST instructor' },
  { name: 'proxy, t2.micro hosts', ms: 25, dropped: 0, beside: 'course page' },
  {
    name: 'GET, NGINX over three replicas, the last 100,000 of 10 million records',
    ms: 4481,
    dropped: 0,
    beside: 'GET instructors',
  },
]
const publishedRate = 1000
const rates = [1, 10, 100, 1000, 2000, 4000, 8000, 16_000, 32_000]

/** The origin's load tests: steps through arrival rates until something breaks, and says what. */
export const load: Scenario = {
  name: 'load',
  about: 'arrival rates of 1, 10, 100, 1000 and on, until it breaks: page, read and write',
  async run(bench: Bench) {
    const installation = await bench.installation()
    const mark = `Load ${Date.now()}`
    const { page, read, write } = requests(installation, await seedOnce(bench), mark)
    const climbs: Climb[] = []
    for (const target of [page, read, write]) {
      climbs.push(await climb(bench, target, installation.address))
    }
    return {
      figures: [
        ...climbs.flatMap(figuresOf),
        ...published.map((row) =>
          told(
            `published by the origin: ${row.name}, ${publishedRate}/s`,
            beside(climbs, row.beside),
            `${row.ms} ms, ${row.dropped.toFixed(2)} % dropped`,
          ),
        ),
        told('published by the origin: seeding 10 million instructors', '', '5 min 30 s'),
      ],
      plots: [latencyPlot(climbs), dropPlot(climbs)],
      details: { climbs, published },
    }
  },
}

async function climb(bench: Bench, target: Target, address: Address): Promise<Climb> {
  const { name, request, expect } = target
  const steps: Step[] = []
  for (const rate of bench.quick ? rates.slice(0, 6) : rates) {
    const seconds = bench.quick ? 2 : Math.min(bench.seconds, 10)
    const plan = { request, expect, address, rate, seconds }
    const { results, busy } = await bench.generator.open([plan])
    const [result] = results
    if (!result) throw new Error('The generator gave no result.')
    const latency = Histogram.from(result.latency)
    const step = { p50: latency.percentile(50), p99: latency.percentile(99) }
    steps.push({ rate, busy, result, ...step })
    bench.say(
      `  ${name} at ${rate}/s: ${describe(result)} (generator used ${Math.round(busy * 100)} % of a core)`,
    )
    const end = brokenBy(busy, result, step.p99)
    if (end) return { name, steps, held: steps.at(-2)?.rate ?? 0, end }
  }
  return { name, steps, held: steps.at(-1)?.rate ?? 0, end: 'not reached' }
}

/** More than 1 % dropped or p99 over a second is broken; by a generator without a core left, it says nothing of ours. */
function brokenBy(busy: number, result: OpenResult, p99: number): string | undefined {
  if (busy > 0.92)
    return 'the generator had no more of its core: the server’s own limit lies higher'
  if (lost(result) > 1) return `${lost(result).toFixed(2)} % dropped`
  return p99 > 1_000_000 ? `p99 ${ms(p99)}` : undefined
}

function figuresOf({ name, steps, held, end }: Climb): Figure[] {
  const rows = steps.map(({ rate, result, p50, p99 }) => {
    const measured = `${dropped(result)}; p50 ${ms(p50)}, p99 ${ms(p99)}`
    const figure = `load: ${name} at ${rate}/s`
    return rate <= publishedRate
      ? judged(result.answered === result.planned, figure, '0.00 % dropped', measured)
      : told(figure, measured)
  })
  return [...rows, told(`  ${name}: holds, then breaks at`, `${perSecond(held)}; ${end}`)]
}

function beside(climbs: readonly Climb[], name: string): string {
  const step = climbs
    .find((climb) => climb.name === name)
    ?.steps.find(({ rate }) => rate === publishedRate)
  return step
    ? `ours: p50 ${ms(step.p50)}, p99 ${ms(step.p99)}, ${lost(step.result).toFixed(2)} % dropped`
    : ''
}

const byRate = { label: 'arrivals a second', scale: 'log' as const }

function latencyPlot(climbs: readonly Climb[]) {
  return {
    kind: 'lines' as const,
    title: 'Latency by arrival rate, from the intended start',
    x: byRate,
    y: { label: 'milliseconds', scale: 'log' as const },
    lines: [
      ...climbs.flatMap(({ name, steps }) =>
        (['p50', 'p99'] as const).map((percentile) => ({
          label: `${name}, ${percentile}`,
          points: steps.map((step) => [step.rate, step[percentile] / 1000] as const),
        })),
      ),
      ...published.map(({ name, ms: value }) => ({
        label: `the origin: ${name}`,
        points: [[publishedRate, value] as const],
      })),
    ],
  }
}

function dropPlot(climbs: readonly Climb[]) {
  return {
    kind: 'lines' as const,
    title: 'Dropped by arrival rate',
    x: byRate,
    y: { label: '% dropped', scale: 'linear' as const },
    lines: [
      ...climbs.map(({ name, steps }) => ({
        label: name,
        points: steps.map((step) => [step.rate, lost(step.result)] as const),
      })),
      ...published.map(({ name, dropped }) => ({
        label: `the origin: ${name}`,
        points: [[publishedRate, dropped] as const],
      })),
    ],
  }
}
