import { startEmbedded } from '@colonnade/db/embedded'
import type { Settings } from './settings.ts'
import { SettingsError } from './settings.ts'

export type InstallationDatabase = {
  /** Where a service's tables are. */
  urlOf(service: string): string
  /** For migrations, past a pooler. */
  directUrlOf(service: string): string
  embedded: boolean
  stop(): Promise<void>
}

/** The database that the environment names, else the embedded one, started here. */
export async function openInstallationDatabase(
  settings: Settings,
  services: readonly string[],
  data: string,
  log: (line: string) => void,
): Promise<InstallationDatabase> {
  const external = externalDatabase(settings, services)
  if (external) return external
  const embedded = await startEmbedded({ data, log })
  return {
    urlOf: (service) => settings.databaseOf(service) ?? embedded.url,
    directUrlOf: (service) => settings.directDatabaseOf(service) ?? embedded.url,
    embedded: true,
    stop: () => embedded.stop(),
  }
}

/** The external database, when every service has one. */
export function externalDatabase(
  settings: Settings,
  services: readonly string[],
): InstallationDatabase | undefined {
  if (!services.every((service) => settings.databaseOf(service))) return undefined
  return {
    urlOf: (service) => need(settings.databaseOf(service), service),
    directUrlOf: (service) => need(settings.directDatabaseOf(service), service),
    embedded: false,
    stop: async () => {},
  }
}

/** @throws SettingsError naming what to set */
export function requireDatabase(settings: Settings, services: readonly string[]): InstallationDatabase {
  for (const service of services) need(settings.databaseOf(service), service)
  const found = externalDatabase(settings, services)
  if (!found) throw new SettingsError('Set DATABASE_URL.')
  return found
}

function need(url: string | undefined, service: string): string {
  if (url) return url
  throw new SettingsError(
    `The ${service} service needs a database: set DATABASE_URL (or ${service.toUpperCase()}_DATABASE_URL) to a Postgres 15 or newer; colonnade serve database runs the embedded one.`,
  )
}
