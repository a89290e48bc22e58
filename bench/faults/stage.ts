import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTrust } from '@colonnade/http'
import { type FaultProxy, type FaultProxyOptions, faultProxy } from '@colonnade/testing/fault-proxy'
import { freePort } from '@colonnade/testing/free-port'
import { listRunning } from '../../ops/running.ts'
import type { From, Settings } from '../../ops/testing/colonnade.ts'
import { slug } from '../../ops/testing/course-page.ts'
import { findCourse } from '../../ops/testing/fixture.ts'
import { serviceNames } from '../../ops/testing/service-names.ts'
import { writeSmallCourse } from '../../ops/testing/small-course.ts'
import type { Serving, Trial } from '../../ops/testing/trial.ts'
import { audit, auditChecks } from './ledger.ts'
import { Load, type LoadPlan } from './load.ts'
import type { Check, Stage } from './row.ts'

/** An installation that a row breaks. */
export type Place = {
  url: string
  token: string
  /** Signs what services say to each other. */
  secret: string
  /** Where its instructors' database is, past every fault. */
  database: string
  courseId: number
  /** Ends the freshness of everything on the course page, as writes would. */
  change(): Promise<void>
}

export const page = `/learn/${slug}`

/** Everything in one process, with its own Postgres, and one small course in it. */
export async function openBox(
  { trial }: Stage,
  settings: Settings = {},
  { args = ['start'], from = {} }: { args?: readonly string[]; from?: From } = {},
): Promise<Place & { serving: Serving; data: string }> {
  const data = trial.data('box')
  writeFileSync(join(data, 'samples-imported'), '')
  const all = trial.settings('box', settings)
  const serving = await trial.serve(args, all, from)
  await trial.run(['import', writeSmallCourse(trial.data('course'))], all)
  const database = listRunning(data)[0]?.database ?? ''
  return { ...(await placeOf(trial, serving.url, database)), serving, data }
}

/** A process that is started again whenever it ends, as systemd or pm2 do. */
export class Kept {
  private stopped = false
  /** Milliseconds from an end to the first answer after it; one for each time it was started again. */
  readonly pauses: number[] = []
  /** What ended it each time: an exit code or a signal. */
  readonly endings: (number | NodeJS.Signals)[] = []
  private readonly watching: Promise<void>

  private constructor(
    public serving: Serving,
    again: () => Promise<Serving>,
  ) {
    this.watching = this.watch(again)
  }

  static async start(trial: Trial, args: readonly string[], settings: Settings): Promise<Kept> {
    const serving = await trial.serve(args, settings)
    return new Kept(serving, () => trial.serve(args, serving.settings))
  }

  private async watch(again: () => Promise<Serving>): Promise<void> {
    for (;;) {
      const ending = await this.serving.ended
      if (this.stopped) return
      this.endings.push(ending)
      const since = performance.now()
      this.serving = await again()
      this.pauses.push(performance.now() - since)
    }
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.serving.end('SIGKILL')
    await this.watching
  }
}

/** A Postgres of its own, with one small course in it. @returns its address */
export async function openDatabase(trial: Trial): Promise<string> {
  const serving = await trial.serve(
    ['serve', 'database'],
    trial.settings('database', { PORT: String(await freePort()) }),
  )
  const database = /postgres:\/\/\S+/.exec(serving.output())?.[0] ?? ''
  await trial.run(['import', writeSmallCourse(trial.data('course'))], {
    ...trial.settings('import'),
    DATABASE_URL: database,
  })
  return database
}

type Saw = FaultProxyOptions['saw'] & {}

/** A process for each part, instructors kept alive, and a fault proxy before each thing that can be cut off. */
export type Parts = Place & {
  instructors: Kept
  proxy: Serving
  /** Where instructors really listen. */
  behind: string
  /** Between the proxy and instructors. */
  service: FaultProxy
  /** Between instructors and their database. */
  wire: FaultProxy
}

/**
 * @param wired sees what passes between instructors and their database
 * @param served sees what passes between the proxy and instructors
 * @param more settings of one part alone
 */
export async function openParts(
  { trial, cleanup }: Stage,
  {
    wired,
    served,
    more = {},
  }: { wired?: Saw; served?: Saw; more?: { proxy?: Settings; instructors?: Settings } } = {},
): Promise<Parts> {
  const database = await openDatabase(trial)
  const wire = await faultProxy(new URL(database).host, wired && { saw: wired })
  const ports = {
    proxy: await freePort(),
    instructors: await freePort(),
    others: await freePort(),
  }
  const at = (port: number) => `http://127.0.0.1:${port}`
  const service = await faultProxy(at(ports.instructors), served && { saw: served })
  cleanup.add(() => service.close())
  cleanup.add(() => wire.close())
  const through = new URL(database)
  through.port = String(wire.port)
  const others = serviceNames.filter((name) => name !== 'instructors')
  const common: Settings = {
    DATABASE_URL: database,
    INSTRUCTORS_DATABASE_URL: through.href,
    PROXY_URL: at(ports.proxy),
    ...Object.fromEntries(others.map((name) => [`${name.toUpperCase()}_URL`, at(ports.others)])),
    INSTRUCTORS_URL: service.url,
  }
  const settingsOf = (name: 'proxy' | 'instructors' | 'others', own: Settings = {}) =>
    trial.settings(name, { ...common, ...own, PORT: String(ports[name]) })
  const forInstructors = settingsOf('instructors', more.instructors)
  const instructors = await Kept.start(trial, ['serve', 'instructors'], forInstructors)
  cleanup.add(() => instructors.stop())
  await trial.serve(['serve', ...others], settingsOf('others'))
  const proxy = await trial.serve(['serve', 'proxy'], settingsOf('proxy', more.proxy))
  const place = await placeOf(trial, proxy.url, database)
  return { ...place, instructors, proxy, behind: at(ports.instructors), service, wire }
}

export async function placeOf(trial: Trial, url: string, database: string): Promise<Place> {
  const trust = createTrust(trial.secret)
  const courseId = await findCourse(url)
  const change = async () => {
    const tags = [`course:${courseId}`, `teachers-of:${courseId}`, `reviews-of:${courseId}`]
    const events = tags.map((subject, i) => ({
      id: crypto.randomUUID(),
      type: 'tested.changed',
      version: 1,
      subject,
      subjectVersion: i,
      occurredAt: new Date().toISOString(),
      data: {},
    }))
    const headers = { Authorization: await trust.header(), 'Content-Type': 'application/json' }
    const body = JSON.stringify({ events })
    const signal = AbortSignal.timeout(2000)
    await fetch(`${url}/internal/events`, { method: 'POST', headers, body, signal })
  }
  // Until the page is whole, and its copies are kept.
  for (const until = Date.now() + 30_000; Date.now() < until; await delay(50)) {
    await change()
    const html = await (await fetch(url + page)).text()
    if (html.includes('<section id="instructors"') && !html.includes(' away for now.')) break
  }
  await delay(500)
  return { url, token: trial.token, secret: trial.secret, database, courseId, change }
}

/** What was seen while people came, and the audit of what they wrote. */
export type Seen = { load: Load; checks: Check[]; faultAt: number; mendedAt: number }

/**
 * Lets people come, waits two seconds (`before`), does `amid` (which breaks and mends, and takes its time), waits three more (`after`),
 * and audits the writes. Half a second apart, everything on the page stops being fresh, so that every service is needed.
 */
export async function underLoad(
  place: Place,
  amid: (load: Load) => Promise<void>,
  options: Partial<Pick<LoadPlan, 'rate' | 'patience' | 'storm' | 'writes'>> & {
    before?: number
    after?: number
    spoiled?: boolean
  } = {},
): Promise<Seen> {
  const { rate = 200, before = 2000, after = 3000, spoiled = false, ...more } = options
  const mark = `m${crypto.randomUUID()}`
  const load = new Load({ ...more, url: place.url, page, token: place.token, mark, rate })
  const changing = setInterval(() => place.change().catch(() => {}), 500)
  let faultAt = 0
  let mendedAt = 0
  try {
    await delay(before)
    faultAt = load.now()
    await amid(load)
    mendedAt = load.now()
    await delay(after)
  } finally {
    clearInterval(changing)
    await load.stop()
  }
  const found = await audit(load, { ...place, mark })
  return { load, checks: auditChecks(found, spoiled), faultAt, mendedAt }
}
