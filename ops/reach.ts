import { type Backend, createTrust, remoteBackend, type Trust } from '@colonnade/http'
import { routesOf } from '@colonnade/proxy'
import { openInstallationDatabase } from './database.ts'
import { createLog, openDataFolder, openProcess } from './run.ts'
import { listRunning, type Running } from './running.ts'
import { makeSecrets, readSecrets } from './secrets.ts'
import { services } from './services.ts'
import { readSettings, type Settings, SettingsError } from './settings.ts'
import { say } from './terminal.ts'

/** The installation as commands reach it. */
export type Reached = {
  /** Its public interface. */
  api: Backend
  operatorToken: string
  /** Where its pages are, when they are served now. */
  url?: string
  close(): Promise<void>
}

/**
 * Finds the installation to work on: one running on this machine's data, else the one at COLONNADE_URL, else the data
 * itself, opened for the time of the command.
 */
export async function reach(): Promise<Reached> {
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const running = listRunning(data).find(({ proxy }) => proxy)
  const operatorToken = settings.COLONNADE_API_TOKEN ?? readSecrets(data)?.apiToken
  const url = running?.url ?? settings.COLONNADE_URL
  if (url) {
    if (!operatorToken)
      throw new SettingsError('Set COLONNADE_API_TOKEN to the installation’s token.')
    const api = remoteBackend([url])
    return { api, operatorToken, url, close: () => api.close() }
  }
  return await openForNow(settings, data)
}

/** Opens the services without a door, and closes them when every event has reached everyone. */
async function openForNow(settings: Settings, data: string): Promise<Reached> {
  const names = services.map(({ name }) => name)
  const secrets = makeSecrets(settings, data)
  const database = await openInstallationDatabase(settings, names, data, say)
  const opened = await openProcess({
    settings,
    data,
    secrets,
    database,
    here: names,
    proxy: false,
    migrate: true,
    log: createLog({ ...settings, LOG_LEVEL: 'warn' }),
  }).catch(async (error: unknown) => {
    await database.stop()
    throw error
  })
  return {
    api: {
      fetch: async (path, init) => await backendFor(path).fetch(path, init),
    },
    operatorToken: secrets.apiToken,
    async close() {
      await opened.installation.settled(10_000).catch((error: unknown) => say(String(error)))
      await opened.close()
      await database.stop()
    },
  }

  function backendFor(path: string): Backend {
    const owner = routesOf(services).find(new URL(path, 'http://inside').pathname)?.value
    if (!owner) throw new Error(`No service owns ${path}.`)
    return opened.installation.backend(owner.name)
  }
}

/** Every process that runs on this machine's data, and the token to talk to it. */
export function reachProcesses(): { running: Running[]; trust: Trust } {
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const running = listRunning(data)
  const secret = settings.COLONNADE_SECRET ?? readSecrets(data)?.secret
  if (running.length === 0 || !secret) {
    throw new SettingsError(
      `Nothing runs on the data in ${data}. Start it with npm start, or name its data folder in COLONNADE_DATA.`,
    )
  }
  return { running, trust: createTrust(secret) }
}
