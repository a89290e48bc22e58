import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import type { Decrypter } from 'age-encryption'
import { BackupError, type Manifest, manifestName, readManifest } from './manifest.ts'
import { TableSum } from './table-sum.ts'
import { type Entry, together, unpack } from './tar.ts'
import { fromWeb, toWeb } from './web-stream.ts'

/** The files of a backup, in the order they were written. @throws BackupError when the key or the file is wrong */
export async function* entries(
  file: string,
  decrypter: Decrypter,
  signal?: AbortSignal,
): AsyncGenerator<Entry> {
  if (!existsSync(file)) throw new BackupError(`There is no ${file}.`)
  const plain = await decrypter.decrypt(toWeb(createReadStream(file))).catch((error: unknown) => {
    throw explained(error)
  })
  yield* unpack(told(fromWeb(plain), signal))
}

async function* told(
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      signal?.throwIfAborted()
      yield chunk
    }
  } catch (error) {
    throw new BackupError(
      `The backup is damaged or cut short: what it holds is not what was written (${String(error)}).`,
    )
  }
}

function explained(error: unknown): BackupError {
  const why = error instanceof Error ? error.message : String(error)
  return /no identity matched|passphrase/i.test(why)
    ? new BackupError('BACKUP_KEY does not open this backup: it was made for another key.')
    : new BackupError(`This is no backup of Colonnade, or it is damaged at its beginning (${why}).`)
}

/**
 * Reads a backup to its end and compares all that is in it with its manifest: every row of every table, every file.
 * Changes nothing. @throws BackupError telling the first difference
 */
export async function examine(
  file: string,
  decrypter: Decrypter,
  signal?: AbortSignal,
): Promise<Manifest> {
  const sums = new Map<string, TableSum>()
  const hashes = new Map<string, string>()
  let manifest: Manifest | undefined
  for await (const { name, body } of entries(file, decrypter, signal)) {
    if (name === manifestName) {
      manifest = readManifest((await together(body)).toString())
    } else if (name.startsWith('tables/')) {
      const table = tableOf(name)
      const sum = sums.get(table) ?? new TableSum()
      sums.set(table, sum)
      for await (const chunk of body) sum.add(chunk)
    } else {
      const hash = createHash('sha256')
      for await (const chunk of body) hash.update(chunk)
      hashes.set(name, hash.digest('hex'))
    }
  }
  if (!manifest) throw new BackupError('The backup has no list of what is in it: it is cut short.')
  for (const { name: schema, tables } of manifest.schemas) {
    for (const { name, rows, sum } of tables) {
      const found = sums.get(`${schema}/${name}`) ?? new TableSum()
      if (found.rows !== rows || found.value !== sum) throw differs(`table ${schema}.${name}`)
    }
  }
  for (const { owner, key, sha256 } of manifest.files) {
    if (hashes.get(`files/${owner}/${key}`) !== sha256) throw differs(`file ${owner}/${key}`)
  }
  return manifest
}

/** `tables/reviews/review/000001` → `reviews/review` */
const tableOf = (name: string) => name.split('/').slice(1, 3).join('/')

export const differs = (what: string) =>
  new BackupError(`The ${what} is not what it was when the backup was made.`)
