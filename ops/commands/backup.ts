import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { lock, unlock } from '../backup/key.ts'
import type { Manifest } from '../backup/manifest.ts'
import { examine } from '../backup/read.ts'
import { checkMigrations, compare, putBack, type Target } from '../backup/restore.ts'
import { writeBackup } from '../backup/write.ts'
import { startDatabase } from '../database.ts'
import { findDatabase } from '../find-database.ts'
import { openDataFolder } from '../run.ts'
import { services } from '../services.ts'
import { readSettings, type Settings, SettingsError } from '../settings.ts'
import { progress, say } from '../terminal.ts'

/** Files under COLONNADE_DATA that nobody can make again. */
const extras = ['secrets.json']

/** `colonnade backup [--to <folder>]` writes database and media into one file; `backup verify <file>` tries one. */
export async function backup(args: string[]): Promise<void> {
  const { values, positionals } = read(args)
  if (positionals[0] === 'verify' && positionals[1]) return await verify(positionals[1])
  if (positionals.length > 0) throw new SettingsError('colonnade backup verify <file>')
  await makeBackup(readSettings(), values.to)
}

/** @param to a folder; default `backups` under COLONNADE_DATA @returns the file's path */
export async function makeBackup(settings: Settings, to?: string): Promise<string> {
  const { path: data } = openDataFolder(settings)
  const names = services.map(({ name }) => name)
  const at = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const file = join(resolve(to ?? join(data, 'backups')), `colonnade-${at}Z.tar.age`)
  const { encrypter, told } = await lock(settings, data)
  // Told before there is a file that only it opens.
  if (told) {
    say(`This key opens the backups of this installation. It is shown once and kept nowhere here:
  ${told}
Keep it away from this machine: without it no backup can be opened. Later backups are made for it too.`)
  }
  const database = await findDatabase(settings, names, data)
  const line = progress()
  const started = performance.now()
  try {
    const manifest = await writeBackup(
      file,
      {
        parts: services.map(({ name, files }) => ({
          name,
          url: database.directUrlOf(name),
          ...(files && { files: files(join(data, name), settings.env) }),
        })),
        extras: extras
          .filter((name) => existsSync(join(data, name)))
          .map((name) => ({ name, bytes: readFileSync(join(data, name)) })),
        onProgress: ({ bytes, doing }) => {
          const seconds = (performance.now() - started) / 1000
          line.show(`${mega(bytes)} MB, ${mega(bytes / seconds)} MB/s, ${doing}`)
        },
      },
      encrypter,
    )
    line.end()
    say(`Backed up ${inAll(manifest)} into ${file}`)
  } finally {
    await database.stop()
  }
  return file
}

/** Puts a backup into a database and a folder of their own, reads everything back, and leaves nothing. */
async function verify(file: string): Promise<void> {
  const decrypter = unlock(readSettings())
  const manifest = await examine(file, decrypter)
  const scratch = mkdtempSync(join(tmpdir(), 'colonnade-verify-'))
  // The database's own user has to get in.
  chmodSync(scratch, 0o711)
  const media = join(scratch, 'files')
  try {
    const target: Omit<Target, 'urlOf'> = {
      definitions: services,
      // Into a folder, whatever the installation's own storage is.
      filesOf: (name) =>
        services.find((service) => service.name === name)?.files?.(join(media, name), {}),
      keep: async () => {},
    }
    checkMigrations(manifest, { ...target, urlOf: () => '' })
    const embedded = await startDatabase({ data: scratch, settings: { fsync: 'off' } })
    try {
      await putBack(file, manifest, { ...target, urlOf: () => embedded.url }, decrypter)
      await compare(manifest, { ...target, urlOf: () => embedded.url })
    } finally {
      await embedded.stop()
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 20 })
  }
  say(`The backup of ${manifest.madeAt} is whole: ${inAll(manifest)} were put back and compared.`)
}

/** Writes what a backup kept of the data folder, unless something is there already. */
export async function keepIn(data: string, name: string, bytes: Uint8Array): Promise<void> {
  if (!extras.includes(name) || existsSync(join(data, name))) return
  writeFileSync(join(data, name), bytes, { mode: 0o600 })
}

export function inAll({ schemas, files }: Manifest): string {
  const tables = schemas.flatMap((schema) => schema.tables)
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return `${rows.toLocaleString('en')} rows of ${tables.length} tables and ${files.length.toLocaleString('en')} files`
}

function read(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { to: { type: 'string' } } })
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}

const mega = (bytes: number) => (bytes / 1e6).toFixed(1)
