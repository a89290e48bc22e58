import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder } from '@colonnade/db/embedded'
import {
  Admission,
  clientAddresses,
  createTrust,
  type HttpServer,
  listen,
  type RateLimits,
  rateLimits,
  type Trust,
} from '@colonnade/http'
import { createProxy, type Proxy } from '@colonnade/proxy'
import { type Logger, pino } from 'pino'
import { builtAssets, readAssets } from './assets.ts'
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

export type Process = {
  installation: Installation
  trust: Trust
  operatorToken: string
  /** Opens the door: from now on people can come in. */
  listen(): Promise<HttpServer>
  close(): Promise<void>
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
export async function openProcess(options: {
  settings: Settings
  data: string
  secrets: { secret: string; apiToken: string }
  database: InstallationDatabase
  /** Names of the services to run here. */
  here: readonly string[]
  proxy: boolean
  migrate: boolean
  log: Logger
}): Promise<Process> {
  const { settings, data, secrets, database, here, log } = options
  const trust = createTrust(secrets.secret)
  const faults = new Faults()
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
    ...(options.proxy
      ? {
          localProxy: () =>
            proxy && {
              fetch: async (path: string, init?: RequestInit) =>
                await openedProxy().fetch(new Request(`http://inside${path}`, init)),
            },
        }
      : {}),
    log,
  })
  const openedProxy = (): Proxy => {
    if (!proxy) throw new Error('The proxy is not open.')
    return proxy
  }
  const host = createHost({
    definitions: services,
    running: installation.running,
    faults,
    operatorToken: secrets.apiToken,
    styles: assets.owners.ui?.filter((path) => path.endsWith('.css')) ?? [],
  })
  const closers: (() => Promise<void>)[] = []
  return {
    installation,
    trust,
    operatorToken: secrets.apiToken,
    async listen() {
      const url = `http://localhost:${settings.PORT}`
      if (options.proxy) {
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
          log: log.child({ service: 'proxy' }),
        })
      }
      await installation.warm(1000)
      const admission = new Admission(
        // Behind the public door the only callers are our own.
        options.proxy ? limitsOf(settings, secrets.apiToken) : undefined,
      )
      closers.push(async () => admission.close())
      const server = await listen({
        port: settings.PORT,
        host: settings.HOST,
        ...(proxy ?? host),
        admission,
      }).catch((error: unknown) => {
        throw tellPort(error, 'PORT')
      })
      closers.push(() => server.close())
      const control = await openControl({
        trust,
        faults,
        services: here,
        forget: async (service) => await proxy?.forget(service),
      })
      closers.push(() => control.close(0))
      const metrics = await openMetrics(settings, secrets.apiToken, proxy ?? host)
      closers.push(() => metrics.close(0))
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
    async close() {
      for (const close of closers.reverse()) await close()
      await proxy?.close()
      await installation.close()
    },
  }
}

function limitsOf(settings: Settings, operatorToken: string): RateLimits {
  return rateLimits({
    reads: settings.RATE_LIMIT_READS,
    attempts: settings.RATE_LIMIT_ATTEMPTS,
    addressOf: clientAddresses(settings.TRUSTED_PROXIES),
    operatorToken,
  })
}

/** Metrics for this machine alone, without a token, where METRICS_PORT says. */
async function openMetrics(
  settings: Settings,
  apiToken: string,
  door: Pick<Proxy, 'fetch'>,
): Promise<{ close(graceMs: number): Promise<void> }> {
  if (!settings.METRICS_PORT) return { close: async () => {} }
  return await listen({
    port: settings.METRICS_PORT,
    host: '127.0.0.1',
    fetch: (request) => {
      const headers = new Headers(request.headers)
      headers.set('Authorization', `Bearer ${apiToken}`)
      return door.fetch(new Request(request, { headers }))
    },
  }).catch((error: unknown) => {
    throw tellPort(error, 'METRICS_PORT')
  })
}
