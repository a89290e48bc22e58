import cluster from 'node:cluster'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder } from '@colonnade/db/embedded'
import {
  Admission,
  clientAddresses,
  createTrust,
  type HttpServer,
  type Leave,
  listen,
  problem,
  type RateLimits,
  Refusals,
  rateLimits,
  type Trust,
} from '@colonnade/http'
import { createProxy, type Proxy } from '@colonnade/proxy'
import { createMetrics, isTracing, type Metrics, openTracing, serving } from '@colonnade/watch'
import { type Logger, pino } from 'pino'
import { buildId, builtAssets, readAssets } from './assets.ts'
import { openControl } from './control.ts'
import type { InstallationDatabase } from './database.ts'
import { Faults } from './faults.ts'
import { createHost } from './host.ts'
import { type Installation, migrateServices, openInstallation } from './installation.ts'
import { tellPort } from './port.ts'
import { announce } from './running.ts'
import { services } from './services.ts'
import { type Settings, SettingsError } from './settings.ts'
import { siteOf } from './site.ts'
import { watchAdmission } from './watched.ts'
import { doorOfMany, hearTogether, type Siblings } from './workers/siblings.ts'

export type ProcessOptions = {
  settings: Settings
  data: string
  secrets: { secret: string; apiToken: string }
  database: InstallationDatabase
  /** Names of the services to run here. */
  here: readonly string[]
  proxy: boolean
  migrate: boolean
  log: Logger
  /** Where this is one of several processes on one port; the supervisor then does what is done once. */
  siblings?: Siblings
  faults?: Faults
}

export type Process = {
  installation: Installation
  trust: Trust
  operatorToken: string
  metrics: Metrics
  /** Opens the door: from now on people can come in. */
  listen(): Promise<HttpServer>
  /** The proxy, once the door is open. */
  proxy(): Proxy | undefined
  /** @param leave how clients are told to come back on another connection; else they are not */
  close(leave?: Leave): Promise<void>
}

/** Where everything lies that must survive; made when missing. */
export function openDataFolder(settings: Settings): { path: string; notice?: string } {
  const folder = dataFolder({ env: settings.env, cwd: process.cwd() })
  try {
    mkdirSync(folder.path, { recursive: true })
    accessSync(folder.path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new SettingsError(
      `Nothing can be kept in ${folder.path} (${why}). Set COLONNADE_DATA to a folder that you may write to.`,
    )
  }
  return folder
}

export function createLog(settings: Settings): Logger {
  return pino({ level: settings.LOG_LEVEL, base: null })
}

/**
 * Puts together what runs in this process: any set of services, with or without the proxy. The same for one box and
 * for many; only the environment differs.
 */
export async function openProcess(options: ProcessOptions): Promise<Process> {
  const { settings, data, secrets, database, here, siblings, log } = options
  const trust = createTrust(secrets.secret)
  const metrics = createMetrics()
  const tracing = await openTracing({
    env: settings.env,
    service: options.proxy && here.length > 0 ? 'colonnade' : `colonnade-${here[0] ?? 'proxy'}`,
    onError: (why) => log.warn({ why }, 'spans did not reach their collector'),
  }).catch((error: unknown) => {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  })
  const { faults = new Faults() } = options
  const assets = readAssets()
  const local = services.filter(({ name }) => here.includes(name))
  if (options.migrate) await migrateServices(local, database.directUrlOf)
  let proxy: Proxy | undefined
  const installation = openInstallation({
    definitions: services,
    here,
    settings,
    databaseOf: database.urlOf,
    data,
    trust,
    operatorToken: secrets.apiToken,
    assets,
    faults,
    metrics,
    ...(options.proxy
      ? {
          localProxy: () =>
            (proxy || siblings) && {
              fetch: async (path: string, init?: RequestInit) =>
                await hearHere(new Request(`http://inside${path}`, init)),
            },
        }
      : {}),
    log,
  })
  const hearHere = async (request: Request): Promise<Response> => {
    if (siblings) return await hearTogether(request, proxy, siblings)
    if (!proxy) throw new Error('The proxy is not open.')
    return await proxy.fetch(request)
  }
  const host = createHost({
    definitions: services,
    running: installation.running,
    faults,
    operatorToken: secrets.apiToken,
    accounts: installation.backend('accounts'),
    trust,
    styles: assets.owners.ui?.filter((path) => path.endsWith('.css')) ?? [],
    metrics,
  })
  const closers: ((leave?: Leave) => Promise<void>)[] = []
  return {
    installation,
    trust,
    operatorToken: secrets.apiToken,
    metrics,
    async listen() {
      const url = `http://localhost:${settings.PORT}`
      if (options.proxy) {
        for (const { name } of services) {
          if (here.includes(name) || settings.urlsOf(name)) continue
          log.warn(`${name} is served nowhere: set ${name.toUpperCase()}_URL.`)
        }
        const proxyData = join(data, 'proxy')
        mkdirSync(proxyData, { recursive: true })
        proxy = createProxy({
          services,
          backend: installation.backend,
          local: (name) => installation.running.get(name),
          trust,
          operatorToken: secrets.apiToken,
          site: siteOf(settings, assets, url, proxyData),
          data: proxyData,
          built: builtAssets,
          metrics,
          cacheBytes: settings.CACHE === 'on' ? settings.CACHE_MIB * 1024 * 1024 : 0,
          ...(settings.REDIS_URL
            ? { redis: { url: settings.REDIS_URL, secret: secrets.secret, build: buildId() } }
            : {}),
          log: log.child({ service: 'proxy' }),
        })
      }
      await installation.warm(1000)
      const admission = new Admission(
        // Behind the public door the only callers are our own.
        options.proxy
          ? limitsOf(settings, secrets.apiToken, siblings ? settings.WORKERS : 1)
          : undefined,
        options.proxy ? new Refusals() : undefined,
      )
      closers.push(async () => admission.close())
      watchAdmission(admission, metrics)
      const server = await listen({
        port: settings.PORT,
        host: settings.HOST,
        ...(proxy ?? host),
        ...(siblings
          ? {
              fetch: doorOfMany({
                door: proxy ?? host,
                proxy,
                siblings,
                operatorToken: secrets.apiToken,
              }),
            }
          : {}),
        admission,
        // What node:cluster gives a worker is no socket of its own; its supervisor takes newcomers in.
        crowded: !cluster.isWorker,
        ...(proxy ? { addressOf: clientAddresses(settings.TRUSTED_PROXIES) } : {}),
        ...(proxy && isTracing() ? { around: serving } : {}),
      }).catch((error: unknown) => {
        throw tellPort(error, 'PORT')
      })
      closers.push((leave) => server.close(undefined, leave))
      if (siblings) return server
      const control = await openControl({
        trust,
        services: here,
        list: () => faults.list(),
        set: async (service, fault) => faults.set(service, fault),
        mend: async (service) => {
          faults.mend(service)
        },
        forget: async (service) => await proxy?.forget(service),
      })
      closers.push(() => control.close(0))
      const metricsDoor = await openMetrics(settings, metrics)
      closers.push(() => metricsDoor.close(0))
      const withdraw = announce(data, {
        pid: process.pid,
        url: server.url,
        control: control.url.replace('localhost', '127.0.0.1'),
        services: [...here],
        proxy: options.proxy,
        ...(here[0] ? { database: database.urlOf(here[0]) } : {}),
        startedAt: new Date().toISOString(),
      })
      closers.push(async () => {
        withdraw()
        faults.mend()
      })
      return server
    },
    proxy: () => proxy,
    async close(leave) {
      for (const close of closers.reverse()) await close(leave)
      await proxy?.close()
      await installation.close()
      await tracing.close()
    },
  }
}

/** Each of several processes allows its share. */
function limitsOf(settings: Settings, operatorToken: string, processes: number): RateLimits {
  const share = (quota: Settings['RATE_LIMIT_READS']) =>
    quota && { ...quota, requests: Math.ceil(quota.requests / processes) }
  return rateLimits({
    reads: share(settings.RATE_LIMIT_READS),
    attempts: share(settings.RATE_LIMIT_ATTEMPTS),
    addressOf: clientAddresses(settings.TRUSTED_PROXIES),
    operatorToken,
  })
}

/** Metrics, and nothing else, for this machine alone, without a token, where METRICS_PORT says. */
export async function openMetrics(
  settings: Settings,
  metrics: Pick<Metrics, 'text' | 'contentType'>,
): Promise<{ close(graceMs: number): Promise<void> }> {
  if (!settings.METRICS_PORT) return { close: async () => {} }
  return await listen({
    port: settings.METRICS_PORT,
    host: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname !== '/metrics') return problem(404, 'Only /metrics is here.')
      return new Response(await metrics.text(), {
        headers: { 'Content-Type': metrics.contentType },
      })
    },
  }).catch((error: unknown) => {
    throw tellPort(error, 'METRICS_PORT')
  })
}
