import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { interruptible } from '../backup/interrupted.ts'
import { lock, recipientFile, unlock } from '../backup/key.ts'
import type { Manifest } from '../backup/manifest.ts'
import { backupName, prune } from '../backup/prune.ts'
import { examine } from '../backup/read.ts'
import { checkMigrations, compare, putBack, type Target } from '../backup/restore.ts'
import { writeBackup } from '../backup/write.ts'
import { startDatabase } from '../database.ts'
import { findDatabase } from '../find-database.ts'
import { openDataFolder } from '../run.ts'
import { services } from '../services.ts'
import { readSettings, type Settings, SettingsError } from '../settings.ts'
import { progress, say } from '../terminal.ts'

/** Files under COLONNADE_DATA that nobody can make again, or that say what was done once. */
const extras = ['secrets.json', 'samples-imported', recipientFile]

/**
 * `colonnade backup [--to <folder>] [--keep <n>]` writes database and media into one file, and with `--keep` removes all but
 * the newest of that folder once it is whole; `backup verify <file>` tries one.
 */
export async function backup(args: string[]): Promise<void> {
  const { values, positionals } = read(args)
  const [verb, file] = positionals
  if (verb === 'verify' && file && positionals.length === 2 && !values.to && !values.keep) {
    return await interruptible((signal) => verify(file, signal))
  }
  if (positionals.length > 0) throw new SettingsError(usage)
  const keep = values.keep === undefined ? undefined : Number(values.keep)
  if (keep !== undefined && !(Number.isInteger(keep) && keep >= 1)) {
    throw new SettingsError('--keep is how many backups stay, the new one among them: 1 or more.')
  }
  await interruptible(async (signal) => {
    const made = await makeBackup(readSettings(), values.to, signal)
    const old = keep === undefined ? [] : prune(dirname(made), keep)
    for (const name of old) say(`Removed ${name}: ${keep} newer ones are there.`)
  })
}

const usage = 'colonnade backup [--to <folder>] [--keep <n>], or colonnade backup verify <file>'

/** @param to a folder; default `backups` under COLONNADE_DATA @returns the file's path */
export async function makeBackup(
  settings: Settings,
  to?: string,
  signal?: AbortSignal,
): Promise<string> {
  const { path: data } = openDataFolder(settings)
  const names = services.map(({ name }) => name)
  const file = join(resolve(to ?? join(data, 'backups')), backupName(new Date()))
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
  const missing: string[] = []
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
        onMissing: (file) => missing.push(file),
      },
      encrypter,
      signal,
    )
    line.end()
    say(`Backed up ${inAll(manifest)} into ${file}`)
    if (missing.length > 0) {
      say(
        `${missing.length} of its files are not in the storage: deleted in these moments, or lost before (${missing[0]}, …).`,
      )
    }
  } finally {
    line.end()
    await database.stop()
  }
  return file
}

/** Puts a backup into a database and a folder of their own, reads everything back, and leaves nothing. */
async function verify(file: string, signal: AbortSignal): Promise<void> {
  const decrypter = unlock(readSettings())
  const manifest = await examine(file, decrypter, signal)
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
    const there = { ...target, urlOf: () => embedded.url }
    try {
      await putBack(file, manifest, there, decrypter, signal)
      await compare(manifest, there, signal)
    } finally {
      await embedded.stop()
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 20 })
  }
  for (const { name, tables } of manifest.schemas) {
    say(`  ${name}: ${tables.map((table) => `${table.name} ${table.rows}`).join(', ')}`)
  }
  say(
    `The backup of ${manifest.madeAt} is whole: ${inAll(manifest)} were put into a scratch place, and each is what it was.`,
  )
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
    return parseArgs({
      args,
      allowPositionals: true,
      options: { to: { type: 'string' }, keep: { type: 'string' } },
    })
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}

const mega = (bytes: number) => (bytes / 1e6).toFixed(1)
