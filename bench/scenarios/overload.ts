import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { Histogram } from '../histogram.ts'
import type { RequestPlan } from '../http/request.ts'
import type { Installation } from '../installation.ts'
import type { OpenResult } from '../open-load.ts'
import { type Bench, type Figure, judged, ms, perSecond, type Scenario, told } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { requests, type Target } from './requests.ts'
import { countStatements } from './statement.ts'

/** Of ten requests, what people ask for: pages before all, then data, now and then a write. */
const mix = { page: 6, read: 3, write: 1 }
/** So many that the server meets the surge, and not the connections' limit. */
const connections = 2000
const targets = { goodput: 0.9, at: 5, p99: 1_000_000, recoveryMs: 2000 }

type Kind = keyof typeof mix
/** Ten requests that take turns: what is sent keeps the mix, whatever is refused. */
type Asked = { kind: Kind; request: RequestPlan }[]
type Surge = {
  times: number
  retries: number
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

async function plansOf(bench: Bench, installation: Installation): Promise<Asked> {
  const data = await seedOnce(bench, installation)
  const { page, read, write } = requests(installation, data, `Surge ${Date.now()}`)
  const of = (kind: Kind, { request }: Target) =>
    Array.from({ length: mix[kind] }, () => ({ kind, request }))
  return [...of('page', page), ...of('read', read), ...of('write', write)]
}

/** The best of some numbers of connections, each of which asks again when it has its answer. */
async function findPeak(bench: Bench, { address }: Installation, asked: Asked): Promise<number> {
  const request = asked.map((one) => one.request)
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
  asked: Asked,
  { peak, times, retries }: { peak: number; times: number; retries: number },
): Promise<Surge> {
  const seconds = bench.quick ? 3 : 15
  const request = asked.map((one) => one.request)
  const plan = { request, address, expect: 'success' as const, impatient: true, connections }
  const { results, busy } = await bench.generator.open([
    { ...plan, rate: peak * times, seconds, retries },
    // From the very end of the surge on: half of what it can do.
    { ...plan, rate: peak / 2, after: seconds, seconds: bench.quick ? 3 : 8 },
  ])
  const [surge, calm] = results
  if (!surge || !calm) throw new Error('The generator gave no result.')
  const kinds: Record<Kind, number> = { page: 0, read: 0, write: 0 }
  for (const [i, { kind }] of asked.entries()) kinds[kind] += surge.answeredOf[i] ?? 0
  const run = { times, retries, seconds, surge, calm, kinds, busy }
  bench.say(
    `  ${nameOf(run)}: ${perSecond(goodput(run))} answered, p99 ${ms(acceptedP99(run))}; ${describeKinds(run)}`,
  )
  return run
}

const describeKinds = ({ kinds, surge }: Surge) =>
  Object.entries(kinds)
    .map(([kind, count]) => `${kind} ${((100 * count) / surge.answered).toFixed(0)} %`)
    .join(', ')

const nameOf = ({ times, retries }: Surge) =>
  `${times} × peak${retries ? `, up to ${retries} retries at once` : ''}`

/** Successful answers a second while the surge lasted. */
const goodput = ({ surge, seconds }: Surge) => surge.answeredMeanwhile / seconds

const acceptedP99 = ({ surge }: Surge) => Histogram.from(surge.accepted).percentile(99)

function figuresOf(run: Surge, peak: number): Figure[] {
  const { times, retries, surge, calm, seconds, busy } = run
  const name = `Overload at ${nameOf(run)}`
  const ratio = goodput(run) / peak
  const measured = `${ratio.toFixed(2)} × (${perSecond(goodput(run))})`
  const p99 = acceptedP99(run)
  const recovery = calm.lastDroppedMs
  const missing = calm.planned - calm.answered
  const { dropped, sent } = surge
  const arrived = surge.planned - dropped.unsent
  const lost = `failed ${dropped.failed}, late ${dropped.late}, other status ${dropped.status}`
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
      `${perSecond(sent / seconds)}; ${perSecond(dropped.shed / seconds)}; ${perSecond(dropped.unsent / seconds)}; ${lost}`,
    ),
    told('  what was answered', describeKinds(run)),
    ...(retries
      ? [told('  amplification: requests for each arrival sent', (sent / arrived).toFixed(2))]
      : []),
    told('  generator’s share of a core', busy.toFixed(2)),
  ]
}
