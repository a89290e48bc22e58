import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Database, migrate, openDatabase } from '@colonnade/db'
import { createRelay, type Relay, type Subscriber } from '@colonnade/events'
import {
  type Backend,
  inTime,
  localBackend,
  type RemoteBackend,
  type RunningService,
  remoteBackend,
  type ServiceDefinition,
  type Trust,
} from '@colonnade/http'
import { detached, type Metrics } from '@colonnade/watch'
import type { Logger } from 'pino'
import type { AssetManifest } from './assets.ts'
import { tellDatabase } from './database.ts'
import { type Faults, ServiceIsDead } from './faults.ts'
import type { Settings } from './settings.ts'
import { watchBackend, watchService, watchStores } from './watched.ts'
import { divide } from './workers/cores.ts'

/** The services that run in this process, and the way to all others. */
export type Installation = {
  definitions: readonly ServiceDefinition[]
  running: ReadonlyMap<string, RunningService>
  backend(service: string): Backend
  /** Connects to the databases, so that the first reader need not wait for it; gives up after `ms`. */
  warm(ms: number): Promise<void>
  /** Resolves when every event so far has reached everyone, or rejects after `ms`. */
  settled(ms: number): Promise<void>
  close(): Promise<void>
}

export type InstallationOptions = {
  definitions: readonly ServiceDefinition[]
  /** Names of the services to run here. */
  here: readonly string[]
  settings: Settings
  /** Where a service's tables are. */
  databaseOf(service: string): string
  data: string
  trust: Trust
  operatorToken: string
  assets: AssetManifest
  faults: Faults
  metrics: Metrics
  /** A proxy in this process hears events directly. */
  localProxy?(): Backend | undefined
  log: Logger
}

/** Brings the schemas of the services up to date. @returns what was applied, `service/file` */
export async function migrateServices(
  definitions: readonly ServiceDefinition[],
  databaseOf: (service: string) => string,
): Promise<string[]> {
  const applied: string[] = []
  for (const { name, migrations } of definitions) {
    const url = databaseOf(name)
    const files = await migrate(url, name, migrations).catch((error: unknown) => {
      throw tellDatabase(error, name, url)
    })
    applied.push(...files.map((file) => `${name}/${file}`))
  }
  return applied
}

/** Opens the services that run here and connects them with each other. */
export function openInstallation(options: InstallationOptions): Installation {
  const { definitions, here, settings, trust, faults, metrics } = options
  const running = new Map<string, RunningService>()
  const remotes = new Map<string, RemoteBackend>()
  const relays: Relay[] = []
  const databases: Database[] = []
  const closers: (() => Promise<void>)[] = []
  const { pools } = divide(settings.WORKERS)

  const backends = new Map<string, Backend>()
  const backend = (name: string): Backend => {
    let found = backends.get(name)
    if (!found) {
      found = watchBackend(name, here.includes(name) ? lazyLocal(name) : elsewhere(name))
      backends.set(name, found)
    }
    return found
  }
  /** A service may be named before it is open, since services know each other in a circle. */
  const lazyLocal = (name: string): Backend => ({
    async fetch(path, init) {
      const service = running.get(name)
      if (!service) throw new ServiceIsDead(`${name} is not open`)
      return await localBackend(service).fetch(path, init)
    },
  })
  const elsewhere = (name: string): Backend => {
    const urls = settings.urlsOf(name)
    if (!urls) {
      return {
        fetch: async () => {
          throw new ServiceIsDead(`${name} runs nowhere: set ${name.toUpperCase()}_URL`)
        },
      }
    }
    const remote = remoteBackend(urls, { 'Colonnade-Service': name })
    remotes.set(name, remote)
    metrics.read('colonnade_upstream_ejected', () => [[{ service: name }, remote.ejected().length]])
    return remote
  }

  for (const definition of definitions.filter(({ name }) => here.includes(name))) {
    const { name } = definition
    const db = openDatabase({ url: options.databaseOf(name), name, ...pools })
    databases.push(db)
    const log = options.log.child({ service: name })
    const folder = join(options.data, name)
    mkdirSync(folder, { recursive: true })
    const relay = createRelay({
      sql: () => db.background,
      schema: name,
      subscribers: subscribersOf(definition),
      trust,
      idle: settings.EVENTS === 'off',
      onError: (err) => log.debug({ err }, 'events wait'),
    })
    const opened = definition.open({
      db,
      peer: backend,
      keepers: definitions.filter(({ people }) => people).map((one) => one.name),
      nudge: () => detached(() => relay.nudge()),
      trust,
      operatorToken: options.operatorToken,
      scopes: definitions.flatMap(({ scopes = [] }) => scopes),
      log,
      data: folder,
      env: settings.env,
      assets: options.assets.owners[name] ?? [],
    })
    const service = inTime(definition, opened)
    running.set(name, watchService(definition, faults.wrap(name, service), metrics))
    watchStores(name, db, relay, metrics)
    relays.push(relay)
    closers.push(async () => {
      await relay.close()
      await service.close?.()
      await db.close()
    })
  }

  function subscribersOf(teller: ServiceDefinition): Subscriber[] {
    const listeners: Subscriber[] = definitions
      .filter(({ name, hears = [] }) => name !== teller.name && hears.length > 0)
      .filter(({ name }) => here.includes(name) || settings.urlsOf(name))
      .map(({ name, hears = [] }) => ({ name, hears, backend: backend(name) }))
    const proxies: Subscriber[] = (settings.PROXY_URL ?? []).map((url) => {
      const remote = remoteBackend([url], {})
      closers.push(() => remote.close())
      return { name: `proxy ${url}`, hears: '*', backend: remote }
    })
    const local = options.localProxy
    if (local) {
      const toProxy: Backend = {
        fetch: async (path, init) => {
          const proxy = local()
          if (!proxy) throw new ServiceIsDead('the proxy is not open yet')
          return await proxy.fetch(path, init)
        },
      }
      proxies.push({ name: 'proxy', hears: '*', backend: toProxy })
    }
    return [...listeners, ...proxies]
  }

  return {
    definitions,
    running,
    backend,
    async warm(ms) {
      const asked = databases.flatMap(({ hot, work }) => [hot`select 1`, work`select 1`])
      await Promise.race([Promise.allSettled(asked), delay(ms, undefined, { ref: false })])
    },
    async settled(ms) {
      await Promise.all(relays.map((relay) => relay.drained(ms)))
    },
    async close() {
      await Promise.allSettled(closers.map((close) => close()))
      await Promise.allSettled([...remotes.values()].map((remote) => remote.close()))
    },
  }
}
