import { join } from 'node:path'
import {
  externalDatabase,
  type InstallationDatabase,
  openInstallationDatabase,
} from './database.ts'
import { listRunning } from './running.ts'
import type { Settings } from './settings.ts'
import { say } from './terminal.ts'

export type FoundDatabase = InstallationDatabase & {
  /** Whether processes on this machine use it now. */
  inUse: boolean
  /** Where it keeps its files, when that is on this machine. */
  folder?: string
}

/**
 * The database of the installation: the one the environment names, else the embedded one of the process that runs on
 * this data, else the embedded one, opened for the time of the command.
 */
export async function findDatabase(
  settings: Settings,
  services: readonly string[],
  data: string,
): Promise<FoundDatabase> {
  const running = listRunning(data)
  const inUse = running.length > 0
  const external = externalDatabase(settings, services)
  if (external) return { ...external, inUse }
  const folder = join(data, 'postgres')
  const embedded = running.find(({ database }) => database)?.database
  if (embedded) {
    return {
      urlOf: (service) => settings.databaseOf(service) ?? embedded,
      directUrlOf: (service) => settings.directDatabaseOf(service) ?? embedded,
      embedded: true,
      stop: async () => {},
      inUse,
      folder,
    }
  }
  return { ...(await openInstallationDatabase(settings, services, data, say)), inUse, folder }
}
