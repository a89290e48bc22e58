import { externalDatabase, openInstallationDatabase } from '../database.ts'
import { migrateServices } from '../installation.ts'
import { openDataFolder } from '../run.ts'
import { listRunning } from '../running.ts'
import { services } from '../services.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'

/** Brings every service's schema up to date: in the external database, or in the embedded one while nothing runs. */
export async function migrateAll(): Promise<void> {
  const settings = readSettings()
  const names = services.map(({ name }) => name)
  const { path } = openDataFolder(settings)
  const external = externalDatabase(settings, names)
  if (!external && listRunning(path).length > 0) {
    throw new SettingsError('Colonnade is running on this data and migrated it when it started.')
  }
  const database = external ?? (await openInstallationDatabase(settings, names, path, say))
  try {
    const applied = await migrateServices(services, database.directUrlOf)
    say(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Everything is up to date.')
  } finally {
    await database.stop()
  }
}
