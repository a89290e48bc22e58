import { slug } from '../../ops/testing/course-page.ts'
import { Histogram } from '../histogram.ts'
import type { OpenResult } from '../open-load.ts'
import { type Bench, ms, type Scenario, skipped, told } from '../scenario.ts'
import { dropped, type Target } from './requests.ts'
import { balancedOverHosts, type OverHosts, overHosts, uncached } from './spread.ts'

type Way = { name: string; open(): Promise<OverHosts | string> }
type Step = { way: string; name: string; rate: number; result: OpenResult }

const rates = [1, 10, 100, 1000]

/** What the origin published at 1000 requests a second, deployed and then balanced. */
const published = [
  ['GET, t2.micro hosts', '6022 ms, 71.14 % dropped'],
  ['proxy, t2.micro hosts', '25 ms, 0.00 % dropped'],
  ['GET, NGINX over three replicas', '4481 ms, 0.00 % dropped'],
] as const

const targets: readonly Target[] = [
  {
    name: 'course page',
    request: { method: 'GET', path: `/learn/${slug}`, headers: { 'Accept-Encoding': 'gzip, br' } },
    expect: 200,
  },
  {
    name: 'GET instructors',
    request: { method: 'GET', path: '/api/courses/1/instructors', headers: {} },
    expect: 200,
  },
]

/** The steps that the origin took, each on hosts of their own: rendered on the server, balanced, cached. */
export const threeHostsWays: Scenario = {
  name: 'three-hosts-ways',
  about:
    'page and read over hosts of their own: rendered without caches, balanced over two, cached',
  async run(bench: Bench) {
    const ways: readonly Way[] = [
      {
        name: 'rendered on the server, every cache off',
        open: () => overHosts(bench, { but: { services: uncached, proxy: uncached } }),
      },
      {
        name: 'NGINX over two hosts of services, every cache off',
        open: () => balancedOverHosts(bench),
      },
      { name: 'cached, as it is installed', open: () => overHosts(bench) },
    ]
    const steps: Step[] = []
    for (const way of ways) {
      const place = await way.open()
      if (typeof place === 'string') {
        return { figures: [skipped('three hosts', place)], plots: [], details: {} }
      }
      for (const target of targets) steps.push(...(await climb(bench, way.name, place, target)))
      await place.close()
    }
    return {
      figures: [
        ...steps.map(figureOf),
        ...published.map(([what, figure]) =>
          told(`published by the origin: ${what}, 1000/s`, '', figure),
        ),
      ],
      plots: targets.map(({ name }) => plotOf(name, steps)),
      details: { steps },
    }
  },
}

async function climb(bench: Bench, way: string, place: OverHosts, target: Target): Promise<Step[]> {
  const { name, request, expect } = target
  const address = { host: place.hosts.proxy.v4, port: 80 }
  const ask = async (rate: number, seconds: number) =>
    (await place.generator.open([{ request, expect, address, rate, seconds }])).results[0]
  await ask(50, 2)
  const steps: Step[] = []
  for (const rate of rates) {
    const result = await ask(rate, bench.quick ? 2 : 5)
    if (!result) continue
    steps.push({ way, name, rate, result })
    bench.say(`  ${way}: ${name} at ${rate}/s: p99 ${ms(p99(result))}, ${dropped(result)}`)
  }
  return steps
}

const p99 = (result: OpenResult) => Histogram.from(result.latency).percentile(99)

function figureOf({ way, name, rate, result }: Step) {
  const median = Histogram.from(result.latency).percentile(50)
  return told(
    `${name} at ${rate}/s, ${way}`,
    `${dropped(result)}; p50 ${ms(median)}, p99 ${ms(p99(result))}`,
  )
}

function plotOf(name: string, steps: readonly Step[]) {
  const own = steps.filter((step) => step.name === name)
  return {
    kind: 'lines' as const,
    title: `${name} over hosts of their own: p99 by arrival rate`,
    x: { label: 'arrivals a second', scale: 'log' as const },
    y: { label: 'milliseconds', scale: 'log' as const },
    lines: [...new Set(own.map(({ way }) => way))].map((way) => ({
      label: way,
      points: own
        .filter((step) => step.way === way)
        .map(({ rate, result }) => [rate, p99(result) / 1000] as const),
    })),
  }
}
