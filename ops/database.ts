import { AddressError, readAddress } from '@colonnade/db'
import { type Embedded, type EmbeddedOptions, startEmbedded } from '@colonnade/db/embedded'
import type { Settings } from './settings.ts'
import { SettingsError } from './settings.ts'
import { connectionsWanted, divide } from './workers/cores.ts'

export type InstallationDatabase = {
  /** Where a service's tables are. */
  urlOf(service: string): string
  /** For migrations, past a pooler. */
  directUrlOf(service: string): string
  embedded: boolean
  stop(): Promise<void>
}

/** What keeps the database away, in words for the person at the terminal. */
export class DatabaseError extends Error {}

/** @throws DatabaseError saying what to do about it */
export async function startDatabase(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await startEmbedded(options)
  } catch (error) {
    throw new DatabaseError(error instanceof Error ? error.message : String(error))
  }
}

/** Errors of a database that cannot be reached or does not let us in: its settings are wrong, or it does not run. */
const unreachable =
  /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|CONNECT_TIMEOUT|CONNECTION_|TLS_REFUSED|28|3D000|57P03|53300)/

/** An error met with a service's database, told by the setting that names it when it is one of reaching it. */
export function tellDatabase(error: unknown, service: string, url: string): unknown {
  if (!(error instanceof Error && 'code' in error && unreachable.test(String(error.code))))
    return error
  const { host, pathname } = new URL(url)
  const setting = `DATABASE_URL (or ${service.toUpperCase()}_DATABASE_URL)`
  return new DatabaseError(
    `The database of ${service} at ${host}${pathname} cannot be used: ${error.message || error.code}. ` +
      `Start it, or correct ${setting}.`,
  )
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
  const embedded = await startDatabase({ data, log, settings: enough(settings, services.length) })
  return {
    urlOf: (service) => settings.databaseOf(service) ?? embedded.nearUrl,
    directUrlOf: (service) => settings.directDatabaseOf(service) ?? embedded.url,
    embedded: true,
    stop: () => embedded.stop(),
  }
}

/** The embedded database takes a hundred connections, which many workers would exhaust; each costs it a little memory. */
function enough(settings: Settings, services: number): Record<string, string> {
  // Three are kept for superusers by Postgres itself.
  const wanted = connectionsWanted(divide(settings.WORKERS), services) + 3
  return wanted > 100 ? { max_connections: String(wanted) } : {}
}

/** The external database, when every service has one. */
export function externalDatabase(
  settings: Settings,
  services: readonly string[],
): InstallationDatabase | undefined {
  if (!services.every((service) => settings.databaseOf(service))) return undefined
  for (const service of services) {
    need(settings.databaseOf(service), service)
    need(settings.directDatabaseOf(service), service)
  }
  return {
    urlOf: (service) => need(settings.databaseOf(service), service),
    directUrlOf: (service) => need(settings.directDatabaseOf(service), service),
    embedded: false,
    stop: async () => {},
  }
}

/** @throws SettingsError naming what to set */
export function requireDatabase(
  settings: Settings,
  services: readonly string[],
): InstallationDatabase {
  for (const service of services) need(settings.databaseOf(service), service)
  const found = externalDatabase(settings, services)
  if (!found) throw new SettingsError('Set DATABASE_URL.')
  return found
}

function need(url: string | undefined, service: string): string {
  if (url) return usable(url, service)
  throw new SettingsError(
    `The ${service} service needs a database: set DATABASE_URL (or ${service.toUpperCase()}_DATABASE_URL) to a Postgres 15 or newer; colonnade serve database runs the embedded one.`,
  )
}

/** @throws SettingsError when the certificate it names cannot be read */
function usable(url: string, service: string): string {
  try {
    readAddress(url)
    return url
  } catch (error) {
    if (!(error instanceof AddressError)) throw error
    throw new SettingsError(`The address of ${service}’s database cannot be used: ${error.message}`)
  }
}
