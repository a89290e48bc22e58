import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { Histogram } from '../histogram.ts'
import type { RequestPlan } from '../http/request.ts'
import type { Installation } from '../installation.ts'
import type { OpenResult } from '../open-load.ts'
import {
  type Bench,
  type Figure,
  judged,
  median,
  ms,
  perSecond,
  type Scenario,
  told,
} from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { requests, type Target } from './requests.ts'
import { countStatements } from './statement.ts'

/** Of ten requests, what people ask for: pages before all, then data, now and then a write. */
const mix = { page: 6, read: 3, write: 1 }
type SurgePlan = { times: number; retries: number; connections: number }
const judgedPlan: SurgePlan = { times: 5, retries: 0, connections: 2000 }
/** So many that a process which refuses all at once does nothing else. */
const crowd: SurgePlan = { times: 5, retries: 0, connections: 8000 }
/** The surges of a round. */
const plans: SurgePlan[] = [
  { times: 2, retries: 0, connections: 2000 },
  judgedPlan,
  { times: 10, retries: 0, connections: 2000 },
  { times: 5, retries: 3, connections: 2000 },
  crowd,
]
const targets = { goodput: 0.9, p99: 1_000_000, recoveryMs: 2000 }

type Kind = keyof typeof mix
/** Ten requests that take turns: what is sent keeps the mix, whatever is refused. */
type Asked = { kind: Kind; request: RequestPlan }[]
type Peak = { rate: number; connections: number }
type Surge = {
  plan: SurgePlan
  /** Successful answers a second, as the same round's closed loop found. */
  peak: number
  seconds: number
  surge: OpenResult
  calm: OpenResult
  /** What was answered of each. */
  kinds: Record<Kind, number>
  busy: number
}

/** More than it can do, of pages, reads and writes, every cache off: what still succeeds, and how soon all is well. */
export const overload: Scenario = {
  name: 'overload',
  about:
    'arrivals at 2, 5 and 10 × what it can do, every cache off; with careless retries; from a crowd',
  async run(bench: Bench) {
    await bench.stopInstallation()
    const through = apart()
    const installation = await bench.start({ env: { CACHE: 'off' }, through })
    await countStatements(installation, `/learn/${installation.course.slug}`)
    const asked = await plansOf(bench, installation)
    const peaks: Peak[] = []
    const surges: Surge[] = []
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      const [first] = peaks
      const counts = first ? [first.connections] : [32, 64, 128, 256]
      const peak = await findPeak(bench, installation, asked, counts)
      peaks.push(peak)
      for (const plan of plans) {
        surges.push(await measure(bench, installation, asked, { plan, peak: peak.rate }))
      }
    }
    await installation.stop()
    const pinned = through.length > 0 ? 'the last core is the generator’s' : 'cores are shared'
    const peak = median(peaks.map(({ rate }) => rate))
    const typical = plans.map((plan) => typicalOf(surges.filter((one) => one.plan === plan)))
    return {
      figures: [
        told(
          'Overload: peak of 6 pages, 3 reads and 1 write of ten, caches off',
          `${perSecond(peak)} (${pinned})`,
        ),
        ...plans.flatMap((plan) => figuresOf(surges.filter((one) => one.plan === plan))),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: 'Goodput under overload, successful answers a second',
          bars: [
            { label: 'peak, closed loop', value: peak },
            ...typical.map((surge) => ({
              label: nameOf(surge.plan),
              value: goodput(surge),
              ours: true,
            })),
          ],
          mark: {
            label: `target at ${judgedPlan.times} ×: ${targets.goodput} × peak`,
            value: peak * targets.goodput,
          },
        },
      ],
      details: { mix, through, peaks, surges },
    }
  },
}

/** All cores but the last: else a generator that works ten times as hard would take the server's. */
function apart(): string[] {
  const count = cpus().length
  if (count < 2 || spawnSync('taskset', ['--version']).status !== 0) return []
  return ['taskset', '--cpu-list', `0-${count - 2}`]
}

async function plansOf(bench: Bench, installation: Installation): Promise<Asked> {
  const data = await seedOnce(bench, installation)
  const { page, read, write } = requests(installation, data, `Surge ${Date.now()}`)
  const of = (kind: Kind, { request }: Target) =>
    Array.from({ length: mix[kind] }, () => ({ kind, request }))
  return [...of('page', page), ...of('read', read), ...of('write', write)]
}

/** The best of some numbers of connections, each of which asks again when it has its answer. */
async function findPeak(
  bench: Bench,
  { address }: Installation,
  asked: Asked,
  counts: number[],
): Promise<Peak> {
  const request = asked.map((one) => one.request)
  let peak: Peak = { rate: 0, connections: 0 }
  for (const connections of counts) {
    const plan = { request, address, expect: 'success' as const, connections }
    const run = await bench.generator.closed({ ...plan, warmUp: 2, seconds: bench.quick ? 2 : 8 })
    bench.say(`  ${connections} connections: ${perSecond(run.rate)}, ${run.failed} failed`)
    if (run.rate > peak.rate) peak = { rate: run.rate, connections }
  }
  return peak
}

async function measure(
  bench: Bench,
  { address }: Installation,
  asked: Asked,
  { plan, peak }: { plan: SurgePlan; peak: number },
): Promise<Surge> {
  const seconds = bench.quick ? 3 : 15
  const { times, retries, connections } = plan
  const request = asked.map((one) => one.request)
  const common = { request, address, expect: 'success' as const, impatient: true, connections }
  const { results, busy } = await bench.generator.open([
    { ...common, rate: peak * times, seconds, retries },
    // From the very end of the surge on: half of what it can do.
    { ...common, rate: peak / 2, after: seconds, seconds: bench.quick ? 3 : 8 },
  ])
  const [surge, calm] = results
  if (!surge || !calm) throw new Error('The generator gave no result.')
  const kinds: Record<Kind, number> = { page: 0, read: 0, write: 0 }
  for (const [i, { kind }] of asked.entries()) kinds[kind] += surge.answeredOf[i] ?? 0
  const run = { plan, peak, seconds, surge, calm, kinds, busy }
  bench.say(
    `  ${nameOf(plan)}: ${perSecond(goodput(run))} answered, p99 ${ms(acceptedP99(run))}; ${describeKinds(run)}`,
  )
  return run
}

const describeKinds = ({ kinds, surge }: Surge) =>
  Object.entries(kinds)
    .map(([kind, count]) => `${kind} ${((100 * count) / surge.answered).toFixed(0)} %`)
    .join(', ')

const nameOf = ({ times, retries, connections }: SurgePlan) =>
  `${times} × peak, ${connections} clients${retries ? `, up to ${retries} retries at once` : ''}`

/** Successful answers a second while the surge lasted. */
const goodput = ({ surge, seconds }: Surge) => surge.answeredMeanwhile / seconds
const ratioOf = (run: Surge) => goodput(run) / run.peak

const acceptedP99 = ({ surge }: Surge) => Histogram.from(surge.accepted).percentile(99)

/** Milliseconds from the end of the surge to the last arrival that was not answered; 0 when all were. */
const recoveryOf = ({ calm }: Surge) => calm.lastDroppedMs

/** The round with the median ratio. @param runs of an odd number of rounds */
function typicalOf(runs: Surge[]): Surge {
  const middle = runs.toSorted((a, b) => ratioOf(a) - ratioOf(b))[runs.length >> 1]
  if (!middle) throw new Error('There was no round.')
  return middle
}

/** The median of a plan's rounds, and all of them. */
function figuresOf(runs: Surge[]): Figure[] {
  const typical = typicalOf(runs)
  const { plan, surge, seconds, busy } = typical
  const of = (measure: (run: Surge) => number, write: (value: number) => string) => {
    const values = runs.map(measure)
    const all = values.length > 1 ? ` (${values.map(write).join(', ')})` : ''
    return { value: median(values), text: `${write(median(values))}${all}` }
  }
  const ratio = of(ratioOf, (value) => value.toFixed(2))
  const p99 = of(acceptedP99, ms)
  const recovery = of(recoveryOf, (value) =>
    value > 0 ? `${(value / 1000).toFixed(2)} s` : 'none',
  )
  const name = `Overload at ${nameOf(plan)}: goodput ÷ peak`
  const answered = `${ratio.text} × ${perSecond(typical.peak)}`
  const { dropped, sent } = surge
  const arrived = surge.planned - dropped.unsent
  const lost = `failed ${dropped.failed}, late ${dropped.late}, other status ${dropped.status}`
  return [
    plan === judgedPlan
      ? judged(ratio.value >= targets.goodput, name, `≥ ${targets.goodput}`, answered)
      : told(name, answered),
    plan === crowd
      ? told('  p99 of what was accepted, its wait to be taken in included', p99.text)
      : judged(
          p99.value < targets.p99,
          '  p99 of what was accepted, from its sending',
          '< 1 s',
          p99.text,
        ),
    judged(
      recovery.value <= targets.recoveryMs,
      '  last refusal after the surge, at half of the peak',
      '≤ 2 s',
      recovery.text,
    ),
    told(
      '  sent; shed with Retry-After; nobody free to send it; others',
      `${perSecond(sent / seconds)}; ${perSecond(dropped.shed / seconds)}; ${perSecond(dropped.unsent / seconds)}; ${lost}`,
    ),
    told('  what was answered', describeKinds(typical)),
    ...(plan.retries
      ? [told('  amplification: requests for each arrival sent', (sent / arrived).toFixed(2))]
      : []),
    told('  generator’s share of a core', busy.toFixed(2)),
  ]
}
