import { setTimeout as delay } from 'node:timers/promises'
import { Group } from '../cgroup.ts'
import { ms, percentile, statuses, writesBack } from '../figures.ts'
import { audit, auditChecks } from '../ledger.ts'
import { Load } from '../load.ts'
import { type Check, check, type Row, Skipped, type Stage } from '../row.ts'
import { openParts, type Parts, page } from '../stage.ts'

/** Of a core, for everything but the proxy and those who ask: so small that they are never the bottleneck. */
const share = 0.06

export const overload: Row = {
  number: 25,
  fault: 'overload 2 ×, 5 ×, 10 × with a retry storm',
  made: 'a control group leaves `instructors` 6 % of a core; its peak of writes is sought, then twice, five and ten times as many arrive, and whoever is refused asks twice more at once',
  passes: 'goodput ≥ 90 % of peak; amplification ≤ 1.1',
  whole: true,
  async run(stage) {
    const group = Group.make('cpu', stage.cleanup)
    let onward = 0
    const parts = await openParts(stage, {
      served(direction, bytes) {
        if (direction === 'up' && bytes.subarray(0, 5).toString('latin1') === 'POST ') onward++
      },
    })
    group.take(parts.instructors.serving.pid)
    group.set('cpu.cfs_period_us', 50_000)
    group.set('cpu.cfs_quota_us', 50_000 * share)
    const seconds = stage.seconds(9)
    const peak = await findPeak(parts, stage)
    const checks: Check[] = [check(peak > 0, `peak ${Math.round(peak)} writes a second`)]
    for (const times of [2, 5, 10]) {
      const before = onward
      const run = await write(parts, peak * times, seconds, 2)
      const tries = run.load.writes.reduce((sum, one) => sum + one.tries, 0)
      const amplification = (onward - before) / tries
      const accepted = run.load.writes.filter(({ status }) => status === 201)
      checks.push(
        check(
          run.goodput >= 0.9 * peak,
          `${times} ×: ${Math.round(run.goodput)} a second acknowledged, ${Math.round((100 * run.goodput) / peak)} % of the peak`,
        ),
        check(amplification <= 1.1, `amplification ${amplification.toFixed(2)}`),
        // Told, not judged: so small a share of a core stands still for nine tenths of the time. The bench judges it.
        check(
          true,
          `acknowledged within ${ms(percentile(accepted, 99))} (p99), all tries of a client together; last tries: ${statuses(run.load.writes)}`,
        ),
        ...run.audited,
      )
    }
    const calm = await write(parts, peak / 2, seconds / 3, 0)
    const back = writesBack(calm.load, 0)
    checks.push(
      check(back !== undefined && back < 2000, `after the surge a write took ${ms(back ?? 0)}`),
    )
    return checks
  },
}

/** The most writes a second that were acknowledged at any rate: rates rise by half until that no longer helps. */
async function findPeak(parts: Parts, stage: Stage): Promise<number> {
  let best = 0
  // The first run only warms it up.
  await write(parts, 50, stage.seconds(3), 0)
  for (let rate = 100; rate < 6000; rate *= 1.5) {
    const { goodput } = await write(parts, rate, stage.seconds(4), 0)
    if (goodput < best * 1.05) return Math.max(best, goodput)
    best = goodput
  }
  throw new Skipped('The peak is more than this generator can be trusted with.')
}

async function write(parts: Parts, rate: number, seconds: number, storm: number) {
  const mark = `m${crypto.randomUUID()}`
  const load = new Load({ ...parts, page, mark, rate, writes: 1, storm, patience: 5000 })
  await delay(seconds * 1000)
  const until = load.now()
  await load.stop()
  const inTime = load.writes.filter((one) => one.status === 201 && one.at + one.ms <= until)
  // Only what was acknowledged is looked for: thousands were refused, as they should.
  const found = await audit(load, { ...parts, mark }, { again: 50 })
  return {
    load,
    goodput: inTime.length / (until / 1000),
    audited: auditChecks(found).slice(0, 1),
  }
}
