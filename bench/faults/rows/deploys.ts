import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@colonnade/testing/free-port'
import { root } from '../../../ops/root.ts'
import { eventually, type Settings } from '../../../ops/testing/colonnade.ts'
import { Pm2 } from '../../../ops/testing/pm2.ts'
import { serviceNames } from '../../../ops/testing/service-names.ts'
import { longestGap, ms, pagesCame, statuses } from '../figures.ts'
import type { Load } from '../load.ts'
import { type Check, check, type Row, Skipped, type Stage } from '../row.ts'
import { openDatabase, placeOf, underLoad } from '../stage.ts'

/** Starts an app under pm2 by the file that we ship, and waits until it is ready. */
async function startManaged(stage: Stage, file: string, settings: Settings): Promise<Pm2> {
  const pm2 = await Pm2.install(stage.trial, settings)
  if (!pm2) throw new Skipped('pm2 cannot be installed from here.')
  stage.cleanup.add(() => pm2.close())
  await pm2.tell('start', join(root, 'ops/deploy/pm2', file))
  await eventually(async () => {
    if (!(await fetch(`http://127.0.0.1:${settings.PORT}/readyz`)).ok) throw new Error(file)
  }, 60_000)
  return pm2
}

const at = (port: number) => `http://127.0.0.1:${port}`

/** Whether every write was acknowledged, and at once. */
function writesCame({ writes }: Load): Check {
  const failed = writes.filter(({ status }) => status !== 201)
  return check(
    failed.length === 0,
    `${writes.length - failed.length} of ${writes.length} writes acknowledged${failed.length > 0 ? ` (${statuses(failed)})` : ''}`,
  )
}

export const rollingDeploys: Row = {
  number: 28,
  fault: '20 rolling deploys at 400 RPS',
  made: '`pm2 reload`, one after the other, of everything in one process (`ops/deploy/pm2/all.config.cjs`)',
  passes: '0 failed',
  async run(stage) {
    const { trial } = stage
    const database = await openDatabase(trial)
    const port = await freePort()
    const settings = trial.settings('all', { DATABASE_URL: database, PORT: String(port) })
    const pm2 = await startManaged(stage, 'all.config.cjs', settings)
    const place = await placeOf(trial, at(port), database)
    const times = stage.quick ? 3 : 20
    const processes = new Set([await pm2.pidOf('colonnade')])
    const { load, checks } = await underLoad(
      place,
      async () => {
        for (let done = 0; done < times; done++) {
          await pm2.tell('reload', 'colonnade')
          processes.add(await pm2.pidOf('colonnade'))
        }
      },
      { rate: 400 },
    )
    return [
      pagesCame(load),
      writesCame(load),
      check(processes.size === times + 1, `${processes.size - 1} deploys, a new process each time`),
      ...checks,
    ]
  },
}

export const proxyKilled: Row = {
  number: 24,
  fault: 'proxy killed',
  made: 'SIGKILL to the proxy under pm2 (`ops/deploy/pm2/proxy.config.cjs`)',
  passes: 'back < 2 s; fails only what comes meanwhile',
  async run(stage) {
    const { trial } = stage
    const database = await openDatabase(trial)
    const [port, behind] = [await freePort(), await freePort()]
    const common: Settings = {
      DATABASE_URL: database,
      PROXY_URL: at(port),
      ...Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, at(behind)])),
    }
    const servicesAt = trial.settings('services', { ...common, PORT: String(behind) })
    await trial.serve(['serve', ...serviceNames], servicesAt)
    const settings = trial.settings('proxy', { ...common, PORT: String(port) })
    const pm2 = await startManaged(stage, 'proxy.config.cjs', settings)
    const place = await placeOf(trial, at(port), database)
    const victim = (await pm2.pidOf('colonnade-proxy')) ?? 0
    const { load, checks, faultAt } = await underLoad(place, async () => {
      process.kill(victim, 'SIGKILL')
      await delay(stage.seconds(6) * 1000)
    })
    const good = load.pages.filter(({ status }) => status === 200)
    const firstBack = Math.min(
      ...good.filter(({ at }) => at > faultAt + 50).map((one) => one.at + one.ms - faultAt),
    )
    const failed = load.pages.filter(({ status }) => status !== 200)
    // Who came just before may still have waited for their answer.
    const outside = failed.filter(
      (one) => one.at + one.ms < faultAt || one.at > faultAt + firstBack,
    )
    return [
      check(firstBack < 2000, `a page came again ${ms(firstBack)} after the kill`),
      check(
        outside.length === 0,
        `meanwhile ${failed.length} of ${load.pages.length} pages failed (${statuses(failed)}), and ${outside.length} at any other time`,
      ),
      check(true, `at most ${ms(longestGap(load, faultAt, faultAt + 6000))} without a write`),
      ...checks,
    ]
  },
}
