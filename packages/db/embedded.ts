import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findBinaries } from './embedded-binaries.ts'
import { type BootPlan, bootServer } from './embedded-boot.ts'
import { prepareCluster } from './embedded-cluster.ts'
import { clusterFolder, prepareDataFolder } from './embedded-folder.ts'
import { isServerOf } from './embedded-process.ts'
import { choosePort, endServer } from './embedded-server.ts'
import { bySocket } from './embedded-socket.ts'
import { databaseUser } from './embedded-user.ts'

export { type DataFolder, dataFolder } from './embedded-folder.ts'

export type EmbeddedOptions = {
  /** The data folder; the database lies in `postgres` within it. Made when missing. */
  data: string
  /** Told in whole sentences what happens: taken over, died, started again. */
  log?: (line: string) => void
  /** Where to listen; default 127.0.0.1. */
  host?: string
  /** A fixed port; default the one of last time, else any that is free. */
  port?: number
  /** Further Postgres settings, which win over all files; for tests. */
  settings?: Record<string, string>
}

export type Embedded = {
  /** Superuser URL of the database `colonnade`; stays the same when the server is started again. */
  readonly url: string
  /** The same by the server's Unix socket, where it has one: who asks often asks there. */
  readonly nearUrl: string
  readonly host: string
  readonly port: number
  /** For example 18.4. */
  readonly version: string
  /** The server's process now; another one after it died. */
  readonly pid: number
  /** Whether a server that a killed launcher had left was taken over. */
  readonly adopted: boolean
  /** Ends the server in order and waits for it. */
  stop(): Promise<void>
}

/**
 * Runs the Postgres that npm brought on the data in `data`, and keeps it running until `stop`. A server whose
 * launcher was killed is taken over. Rejects with what the person at the terminal can do about it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { log = () => {}, host = '127.0.0.1', settings = {} } = options
  const user = databaseUser(clusterFolder(options.data))
  const data = prepareDataFolder(options.data, user)
  const binaries = findBinaries(data, user)
  const { folder, password } = await prepareCluster(data, binaries, user, settings, host)
  const reach = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host
  const urlOf = (port: number, database: string) =>
    `postgres://colonnade:${password}@${reach}:${port}/${database}`
  const plan: BootPlan = {
    cluster: folder,
    binaries,
    user,
    host,
    settings,
    logFile: join(data, 'postgres.log'),
    port: options.port ?? (await choosePort(folder, host)),
    anyPort: options.port === undefined,
    urlOf: (port) => urlOf(port, 'postgres'),
    log,
  }
  let running = await bootServer(plan)
  if (running.adopted) log(`Took over the database left running (pid ${running.pid}).`)
  // Everybody has the URL by now, so a server started again must be found under it.
  const again = { ...plan, port: running.port, anyPort: false }
  const stopping = new AbortController()
  const watching = watch()

  async function watch(): Promise<void> {
    let pause = 50
    while (!stopping.signal.aborted) {
      const since = performance.now()
      await running.guard.lost
      if (stopping.signal.aborted) return
      if (performance.now() - since > 60_000) pause = 50
      log('The database went away; starting it again.')
      await running.guard.close().catch(() => {})
      for (let back = false; !back && !stopping.signal.aborted; ) {
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => {})
        pause = Math.min(pause * 2, 10_000)
        back = await reboot()
      }
    }
  }

  async function reboot(): Promise<boolean> {
    try {
      running = await bootServer(again, running.pid)
      log(`The database is back (pid ${running.pid}).`)
      return true
    } catch (error) {
      log(error instanceof Error ? error.message : String(error))
      return false
    }
  }

  return {
    url: urlOf(running.port, 'colonnade'),
    nearUrl: bySocket(urlOf(running.port, 'colonnade'), folder, running.port),
    host,
    port: running.port,
    version: running.guard.version,
    adopted: running.adopted,
    get pid() {
      return running.pid
    },
    async stop() {
      stopping.abort()
      await running.guard.close()
      await watching
      if (isServerOf(running.pid, folder)) await endServer(plan, running.pid)
    },
  }
}
