import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { Histogram } from '../histogram.ts'
import type { RequestPlan } from '../http/request.ts'
import type { Installation } from '../installation.ts'
import type { OpenPlan, OpenResult } from '../open-load.ts'
import { type Bench, type Figure, judged, ms, perSecond, type Scenario, told } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { requests } from './requests.ts'
import { countStatements } from './statement.ts'

/** Of ten requests, what people ask for: pages before all, then data, now and then a write. */
const mix = { page: 6, read: 3, write: 1 }
const inAll = mix.page + mix.read + mix.write
/** So many that the server meets the surge, and not the connections' limit. */
const connections = 2000
const targets = { goodput: 0.9, at: 5, p99: 1_000_000, recoveryMs: 2000 }

type Kind = keyof typeof mix
type Asked = { kind: Kind; share: number; request: RequestPlan }
type Surge = {
  times: number
  retries: number
  seconds: number
  surge: (OpenResult & { kind: Kind })[]
  calm: OpenResult[]
  busy: number
}

/** More than it can do, of pages, reads and writes, every cache off: what still succeeds, and how soon all is well. */
export const overload: Scenario = {
  name: 'overload',
  about: 'arrivals at 2, 5 and 10 × what it can do, every cache off; then with careless retries',
  async run(bench: Bench) {
    await bench.stopInstallation()
    const through = apart()
    const installation = await bench.start({ env: { CACHE: 'off' }, through })
    await countStatements(installation, `/learn/${installation.course.slug}`)
    const asked = await plansOf(bench, installation)
    const peak = await findPeak(bench, installation, asked)
    const surges: Surge[] = []
    for (const [times, retries] of [
      [2, 0],
      [5, 0],
      [10, 0],
      [5, 3],
    ] as const) {
      surges.push(await measure(bench, installation, asked, { peak, times, retries }))
    }
    await installation.stop()
    const pinned = through.length > 0 ? 'the last core is the generator’s' : 'cores are shared'
    return {
      figures: [
        told(
          'Overload: peak of 6 pages, 3 reads and 1 write of ten, caches off',
          `${perSecond(peak)} (${pinned})`,
        ),
        ...surges.flatMap((surge) => figuresOf(surge, peak)),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: 'Goodput under overload, successful answers a second',
          bars: [
            { label: 'peak, closed loop', value: peak },
            ...surges.map((surge) => ({
              label: nameOf(surge),
              value: goodput(surge),
              ours: true,
            })),
          ],
          mark: {
            label: `target at 5 ×: ${targets.goodput} × peak`,
            value: peak * targets.goodput,
          },
        },
      ],
      details: { mix, connections, through, peak, surges },
    }
  },
}

/** All cores but the last: else a generator that works ten times as hard would take the server's. */
function apart(): string[] {
  const count = cpus().length
  if (count < 2 || spawnSync('taskset', ['--version']).status !== 0) return []
  return ['taskset', '--cpu-list', `0-${count - 2}`]
}

async function plansOf(bench: Bench, installation: Installation): Promise<Asked[]> {
  const data = await seedOnce(bench, installation)
  const { page, read, write } = requests(installation, data, `Surge ${Date.now()}`)
  return [
    { kind: 'page', share: mix.page / inAll, request: page.request },
    { kind: 'read', share: mix.read / inAll, request: read.request },
    { kind: 'write', share: mix.write / inAll, request: write.request },
  ]
}

/** The best of some numbers of connections, each of which asks again when it has its answer. */
async function findPeak(bench: Bench, { address }: Installation, asked: Asked[]): Promise<number> {
  const request = asked.flatMap(({ kind, request: one }) =>
    Array.from({ length: mix[kind] }, () => one),
  )
  let peak = 0
  for (const count of [32, 64, 128, 256]) {
    const plan = { request, address, expect: 'success' as const, connections: count }
    const run = await bench.generator.closed({ ...plan, warmUp: 2, seconds: bench.quick ? 2 : 8 })
    bench.say(`  ${count} connections: ${perSecond(run.rate)}, ${run.failed} failed`)
    peak = Math.max(peak, run.rate)
  }
  return peak
}

async function measure(
  bench: Bench,
  { address }: Installation,
  asked: readonly Asked[],
  { peak, times, retries }: { peak: number; times: number; retries: number },
): Promise<Surge> {
  const seconds = bench.quick ? 3 : 15
  const plans = (rate: number, more: Partial<OpenPlan>): OpenPlan[] =>
    asked.map(({ request, share }) => ({
      request,
      address,
      expect: 'success',
      rate: rate * share,
      seconds,
      impatient: true,
      connections: Math.ceil(connections * share),
      ...more,
    }))
  const { results, busy } = await bench.generator.open([
    ...plans(peak * times, { retries }),
    // From the very end of the surge on: half of what it can do.
    ...plans(peak / 2, { after: seconds, seconds: bench.quick ? 3 : 8 }),
  ])
  const surge = asked.flatMap(({ kind }, i) => {
    const result = results[i]
    return result ? [{ kind, ...result }] : []
  })
  const run = { times, retries, seconds, surge, calm: results.slice(asked.length), busy }
  const kinds = surge.map((one) => `${one.kind} ${one.answered} of ${one.sent}`).join(', ')
  bench.say(
    `  ${nameOf(run)}: ${perSecond(goodput(run))} answered, p99 ${ms(acceptedP99(run))}; ${kinds}`,
  )
  return run
}

const nameOf = ({ times, retries }: Surge) =>
  `${times} × peak${retries ? `, up to ${retries} retries at once` : ''}`

const sum = (results: readonly OpenResult[], of: (result: OpenResult) => number) =>
  results.reduce((total, result) => total + of(result), 0)

/** Successful answers a second while the surge lasted. */
const goodput = ({ surge, seconds }: Surge) => sum(surge, (one) => one.answeredMeanwhile) / seconds

function acceptedP99({ surge }: Surge): number {
  const all = new Histogram()
  for (const { accepted } of surge) all.add(accepted)
  return all.percentile(99)
}

function figuresOf(run: Surge, peak: number): Figure[] {
  const { times, retries, surge, calm, seconds, busy } = run
  const name = `Overload at ${nameOf(run)}`
  const ratio = goodput(run) / peak
  const measured = `${ratio.toFixed(2)} × (${perSecond(goodput(run))})`
  const p99 = acceptedP99(run)
  const recovery = Math.max(...calm.map((one) => one.lastDroppedMs))
  const missing = sum(calm, (one) => one.planned - one.answered)
  const dropped = (why: keyof OpenResult['dropped']) => sum(surge, (one) => one.dropped[why])
  const sent = sum(surge, (one) => one.sent)
  const arrived = sum(surge, (one) => one.planned) - dropped('unsent')
  const kinds = surge.map(
    (one) => `${one.kind} ${((100 * one.answered) / one.planned).toFixed(0)} %`,
  )
  const lost = `failed ${dropped('failed')}, late ${dropped('late')}, other status ${dropped('status')}`
  return [
    times === targets.at && retries === 0
      ? judged(
          ratio >= targets.goodput,
          `${name}: goodput ÷ peak`,
          `≥ ${targets.goodput}`,
          measured,
        )
      : told(`${name}: goodput ÷ peak`, measured),
    judged(p99 < targets.p99, '  p99 of what was accepted, from its sending', '< 1 s', ms(p99)),
    judged(
      recovery <= targets.recoveryMs,
      '  last refusal after the surge, at half of the peak',
      '≤ 2 s',
      missing > 0 ? `${(recovery / 1000).toFixed(2)} s (${missing} refused)` : 'none',
    ),
    told(
      '  sent; shed with Retry-After; nobody free to send it; others',
      `${perSecond(sent / seconds)}; ${perSecond(dropped('shed') / seconds)}; ${perSecond(dropped('unsent') / seconds)}; ${lost}`,
    ),
    told('  answered of all arrivals', kinds.join(', ')),
    ...(retries
      ? [told('  amplification: requests for each arrival sent', (sent / arrived).toFixed(2))]
      : []),
    told('  generator’s share of a core', busy.toFixed(2)),
  ]
}
