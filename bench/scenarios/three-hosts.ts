import { slug } from '../../ops/testing/course-page.ts'
import { Histogram } from '../histogram.ts'
import type { Address } from '../http/connection.ts'
import type { OpenPlan, OpenResult } from '../open-load.ts'
import { type Bench, judged, median, ms, type Scenario, skipped } from '../scenario.ts'
import { dropped, lost, newInstructor, requests, type Target } from './requests.ts'
import { overHosts } from './spread.ts'

type Place = { address: Address; targets: readonly Target[]; generator: Bench['generator'] }
/** What each side answered, round by round. */
type Step = { name: string; rate: number; hosts: OpenResult[]; box: OpenResult[] }

const rates = [1, 10, 100, 1000]
const most = 1.5

/** The origin's topology: the same arrivals on three hosts and on one box, in turns. */
export const threeHosts: Scenario = {
  name: 'three-hosts',
  about:
    'page, GET and POST over client, proxy, services and database on hosts of their own, against one box',
  async run(bench: Bench) {
    const box = await bench.installation()
    const hosts = await overHosts(bench)
    if (typeof hosts === 'string') {
      return { figures: [skipped('three hosts', hosts)], plots: [], details: {} }
    }
    const mark = `Hosts ${Date.now()}`
    const { page, write } = requests(box, { instructors: 0, courses: { from: 1, to: 1 } }, mark)
    const read = (id: number): Target => ({
      name: 'GET instructors',
      request: { method: 'GET', path: `/api/courses/${id}/instructors`, headers: {} },
      expect: 200,
    })
    const own = { Authorization: `Bearer ${hosts.token}` }
    const one: Place = {
      address: box.address,
      targets: [page, read(box.course.id), write],
      generator: bench.generator,
    }
    const three: Place = {
      address: { host: hosts.hosts.proxy.v4, port: 80 },
      targets: [
        { ...page, request: { ...page.request, path: `/learn/${slug}` } },
        read(1),
        { ...write, request: newInstructor(mark, { headers: own }) },
      ],
      generator: hosts.generator,
    }
    const steps: Step[] = []
    const rounds = bench.quick ? 1 : 3
    for (const [i, { name }] of one.targets.entries()) {
      // Neither side is judged by the first answers of its life, nor by connections it has yet to open.
      for (const place of [three, one]) await ask(place, i, { rate: 200, seconds: 3 })
      for (const rate of rates) {
        const step: Step = { name, rate, hosts: [], box: [] }
        for (let round = 0; round < rounds; round++) {
          const [hosts, box] = await askBoth(three, one, i, rate, bench.quick)
          step.hosts.push(hosts)
          step.box.push(box)
        }
        steps.push(step)
        bench.say(
          `  ${name} at ${rate}/s: hosts p99 ${ms(p99(step.hosts))}, one box ${ms(p99(step.box))}`,
        )
      }
    }
    await hosts.close()
    return { figures: steps.map(figureOf), plots: [plotOf(steps)], details: { steps } }
  },
}

/**
 * Arrivals that are few take long to tell of anything, and whatever else the machine does is in their p99: both sides are
 * asked in the same seconds then, each when the other is not. Many would take from each other: one after the other.
 */
async function askBoth(
  three: Place,
  one: Place,
  target: number,
  rate: number,
  quick: boolean,
): Promise<[OpenResult, OpenResult]> {
  if (rate > 10) {
    const plan = { rate, seconds: quick ? 2 : 10 }
    return [await ask(three, target, plan), await ask(one, target, plan)]
  }
  const plan = { rate, seconds: quick ? 2 : 20 }
  return await Promise.all([
    ask(three, target, plan),
    ask(one, target, { ...plan, after: 0.5 / rate }),
  ])
}

async function ask(
  { targets, address, generator }: Place,
  target: number,
  plan: Pick<OpenPlan, 'rate' | 'seconds' | 'after'>,
): Promise<OpenResult> {
  const asked = targets[target]
  if (!asked) throw new Error('There is no such target.')
  const { request, expect } = asked
  const { results } = await generator.open([{ request, expect, address, ...plan }])
  const [result] = results
  if (!result) throw new Error('The generator gave no result.')
  return result
}

/** The median of the rounds', in microseconds: at one arrival a second it is the slowest of twenty that is told. */
const p99 = (results: readonly OpenResult[]) =>
  median(results.map(({ latency }) => Histogram.from(latency).percentile(99)))

function figureOf({ name, rate, hosts, box }: Step) {
  const ratio = p99(hosts) / p99(box)
  const none = hosts.every((result) => lost(result) === 0)
  return judged(
    none && ratio <= most,
    `three hosts, ${name} at ${rate}/s`,
    `0.00 % dropped, p99 ≤ ${most} × one box`,
    `${dropped(...hosts)}; p99 ${ms(p99(hosts))} (${ratio.toFixed(2)} ×)`,
    `one box: ${dropped(...box)}; p99 ${ms(p99(box))}`,
  )
}

function plotOf(steps: readonly Step[]) {
  const names = [...new Set(steps.map(({ name }) => name))]
  const lineOf = (name: string, side: 'hosts' | 'box', label: string) => ({
    label: `${name}, ${label}`,
    points: steps
      .filter((step) => step.name === name)
      .map((step) => [step.rate, p99(step[side]) / 1000] as const),
  })
  return {
    kind: 'lines' as const,
    title: 'p99 by arrival rate, three hosts and one box',
    x: { label: 'arrivals a second', scale: 'log' as const },
    y: { label: 'milliseconds', scale: 'log' as const },
    lines: names.flatMap((name) => [
      lineOf(name, 'hosts', 'three hosts'),
      lineOf(name, 'box', 'one box'),
    ]),
  }
}
