import cluster from 'node:cluster'
import { createTrust, type Leave } from '@colonnade/http'
import { aggregate, metricsContentType } from '@colonnade/watch'
import { openControl } from '../control.ts'
import { Faults } from '../faults.ts'
import { migrateServices } from '../installation.ts'
import { choosePort, refuseTakenPort } from '../port.ts'
import { openMetrics, type ProcessOptions } from '../run.ts'
import { announce } from '../running.ts'
import { services } from '../services.ts'
import { type Settings, SettingsError } from '../settings.ts'
import { reloadSignals } from '../until-ended.ts'
import { workerProgram } from './program.ts'
import { type Plan, toSupervisor, toWorker } from './questions.ts'
import { Supervisor } from './supervisor.ts'

/** Less than the relay waits for an answer, so that it hears which events failed. */
const shareMs = 3000
const askMs = 3000

/** Several processes on one port, as one. */
export type Workers = {
  /** Starts them: from now on people can come in. */
  listen(): Promise<{ url: string }>
  close(leave?: Leave): Promise<void>
}

export const supervisedFlag = '--supervised'

/**
 * Whether requests are taken by workers under a supervisor: several, or one that is asked for in `args`.
 * @throws SettingsError under pm2's cluster mode, which is a supervisor itself
 */
export function isSupervised(settings: Settings, args: readonly string[]): boolean {
  const asked = settings.WORKERS > 1 || args.includes(supervisedFlag)
  if (asked && cluster.isWorker) {
    throw new SettingsError(
      `pm2 supervises what it runs in cluster mode: leave WORKERS and ${supervisedFlag} away, or run it in fork mode.`,
    )
  }
  return asked
}

/**
 * Prepares what `openProcess` would open, for `WORKERS` processes that share one port. This process only supervises: it
 * holds the database and the ports, and is the one that commands reach.
 */
export async function openWorkers(options: ProcessOptions): Promise<Workers> {
  const { settings, data, secrets, database, here, log } = options
  if (options.migrate) {
    const local = services.filter(({ name }) => here.includes(name))
    await migrateServices(local, database.directUrlOf)
  }
  const faults = new Faults()
  const trust = createTrust(secrets.secret)
  const closers: ((leave?: Leave) => Promise<void>)[] = []
  const port = settings.PORT || (await choosePort(settings.HOST))

  const plan = (): Plan => ({
    data,
    port,
    secret: secrets.secret,
    apiToken: secrets.apiToken,
    databases: Object.fromEntries(here.map((name) => [name, database.urlOf(name)])),
    here: [...here],
    proxy: options.proxy,
    faults: faults.list(),
  })

  const supervisor = new Supervisor({
    program: workerProgram,
    readyMs: settings.READY_SECONDS * 1000,
    count: settings.WORKERS,
    plan,
    log,
    changed: () => announceAgain(),
    welcome(member) {
      member.line.answer(toSupervisor.share, async (events) => {
        const heard = await supervisor.askAll(toWorker.hear, events, shareMs, member)
        return {
          failed: heard.flatMap(({ failed }) => failed),
          taken: heard.filter(({ taken }) => taken).length,
        }
      })
      member.line.answer(toSupervisor.sum, metrics)
    },
  })

  async function metrics(): Promise<string> {
    const measured = await supervisor.askWilling(toWorker.measure, null, askMs)
    return `${await aggregate(measured)}# HELP colonnade_workers Processes that take requests on this port.
# TYPE colonnade_workers gauge
colonnade_workers ${supervisor.pids().length}
# HELP colonnade_workers_replaced_total Workers that ended and were replaced.
# TYPE colonnade_workers_replaced_total counter
colonnade_workers_replaced_total ${supervisor.replaced}
`
  }

  let announceAgain = () => {}
  for (const signal of reloadSignals) process.on(signal, () => void supervisor.reload())

  return {
    async listen() {
      await refuseTakenPort(port, settings.HOST)
      const door = await openMetrics(settings, { contentType: metricsContentType, text: metrics })
      closers.push(() => door.close(0))
      const control = await openControl({
        trust,
        services: here,
        list: () => faults.list(),
        async set(service, fault) {
          faults.set(service, fault)
          await supervisor.askAll(toWorker.break, { service, fault }, askMs)
        },
        async mend(service) {
          faults.mend(service)
          await supervisor.askAll(toWorker.mend, { ...(service ? { service } : {}) }, askMs)
        },
        async forget(service) {
          await supervisor.askAll(toWorker.forget, service, askMs)
        },
        reload: () => supervisor.reload(),
      })
      closers.push(() => control.close(0))
      closers.push((leave) => supervisor.close(leave))
      const url = await supervisor.start()
      const startedAt = new Date().toISOString()
      let withdraw = () => {}
      announceAgain = () => {
        withdraw = announce(data, {
          pid: process.pid,
          url,
          control: control.url.replace('localhost', '127.0.0.1'),
          services: [...here],
          proxy: options.proxy,
          ...(here[0] ? { database: database.urlOf(here[0]) } : {}),
          startedAt,
          workers: supervisor.pids(),
          ...(supervisor.lastReload ? { lastReload: supervisor.lastReload } : {}),
        })
      }
      announceAgain()
      closers.push(async () => {
        announceAgain = () => {}
        withdraw()
      })
      return { url }
    },
    async close(leave) {
      for (const close of closers.splice(0).reverse()) await close(leave)
    },
  }
}
