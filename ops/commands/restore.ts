import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { interruptible } from '../backup/interrupted.ts'
import { unlock } from '../backup/key.ts'
import { BackupError } from '../backup/manifest.ts'
import { examine } from '../backup/read.ts'
import { checkMigrations, compare, listFilled, putBack, type Target } from '../backup/restore.ts'
import { findDatabase } from '../find-database.ts'
import { migrateServices } from '../installation.ts'
import { openDataFolder } from '../run.ts'
import { listRunning } from '../running.ts'
import { services } from '../services.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { inAll, keepIn, makeBackup } from './backup.ts'

/** `colonnade restore <file> [--replace]`: into an empty installation, or in place of what is there, which is backed up. */
export async function restore(args: string[]): Promise<void> {
  await interruptible((signal) => putInPlace(args, signal))
}

async function putInPlace(args: string[], signal: AbortSignal): Promise<void> {
  const replace = args.includes('--replace')
  const [file, ...rest] = args.filter((arg) => arg !== '--replace')
  if (!file || file.startsWith('-') || rest.length > 0)
    throw new SettingsError('colonnade restore <file> [--replace]')
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  if (listRunning(data).length > 0) {
    throw new BackupError('Colonnade is running here. Stop it on every host, then restore.')
  }
  const decrypter = unlock(settings)
  const manifest = await examine(file, decrypter, signal)
  const names = services.map(({ name }) => name)
  const database = await findDatabase(settings, names, data)
  const target: Target = {
    definitions: services,
    urlOf: database.directUrlOf,
    filesOf: (name) =>
      services.find((service) => service.name === name)?.files?.(join(data, name), settings.env),
    keep: (name, bytes) => keepIn(data, name, bytes),
  }
  try {
    checkMigrations(manifest, target)
    const filled = await listFilled(target)
    if (filled.length > 0 && !replace) {
      throw new BackupError(
        `There is something here already (${filled.join(', ')}). To put the backup in its place: colonnade restore ${file} --replace, which backs up first.`,
      )
    }
    if (filled.length > 0) await makeBackup(settings, undefined, signal)
    await putBack(file, manifest, target, decrypter, signal)
    await compare(manifest, target, signal)
    await migrateServices(services, database.directUrlOf)
    // Copies of pages as they were before; the proxy makes them anew.
    rmSync(join(data, 'proxy'), { recursive: true, force: true })
  } finally {
    await database.stop()
  }
  say(`Put back the backup of ${manifest.madeAt}: ${inAll(manifest)}.`)
}
