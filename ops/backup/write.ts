import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Sql } from '@colonnade/db'
import type { KeptFiles } from '@colonnade/http'
import type { Encrypter } from 'age-encryption'
import { BackupError, format, type Manifest, manifestName, type SchemaState } from './manifest.ts'
import {
  beginSnapshot,
  connect,
  copyOut,
  countRows,
  joinSnapshot,
  listMigrations,
  listSequences,
  listTables,
} from './queries/reading.ts'
import { TableSum } from './table-sum.ts'
import { end, pack } from './tar.ts'
import { fromWeb, toWeb } from './web-stream.ts'

/** What an installation is made of, for backups: each service with its database and what it keeps beside it. */
export type Part = { name: string; url: string; files?: KeptFiles }

export type Source = {
  parts: readonly Part[]
  /** Small files of the installation itself, by the name they have in the archive. */
  extras: readonly { name: string; bytes: Uint8Array }[]
  onProgress?(state: { bytes: number; doing: string }): void
  /** A file that the tables speak of and the storage does not have: deleted since the moment they are of, or lost. */
  onMissing?(file: string): void
}

/** COPY text is cut into files of about so many bytes, since an archive says a file's size before its bytes. */
const partBytes = 1 << 20

/**
 * Writes everything into one encrypted file. All services of one database are read as of the same moment.
 * The file has its name only when it is whole and on the disk.
 */
export async function writeBackup(
  file: string,
  source: Source,
  encrypter: Encrypter,
  signal?: AbortSignal,
): Promise<Manifest> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.part`
  let manifest: Manifest | undefined
  const plain = archive(source, (made) => {
    manifest = made
  })
  try {
    const cipher = await encrypter.encrypt(toWeb(plain))
    const target = createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true })
    await pipeline(fromWeb(cipher), target, { ...(signal && { signal }) })
    await rename(draft, file)
    const folder = await open(dirname(file))
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    await rm(draft, { force: true })
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
    throw full ? new BackupError(`There is no room for the backup in ${dirname(file)}.`) : error
  }
  if (!manifest) throw new Error('an archive without a manifest')
  return manifest
}

async function* archive(
  source: Source,
  done: (manifest: Manifest) => void,
): AsyncGenerator<Uint8Array> {
  const manifest: Manifest = {
    format,
    madeAt: new Date().toISOString(),
    schemas: [],
    files: [],
  }
  let bytes = 0
  const connections: Sql[] = []
  const add = function* (name: string, content: Uint8Array): Iterable<Uint8Array> {
    yield* pack(name, content)
    bytes += content.length
    source.onProgress?.({ bytes, doing: name })
  }
  const keep = function* (owner: string, key: string, content: Uint8Array) {
    const sha256 = createHash('sha256').update(content).digest('hex')
    manifest.files.push({ owner, key, bytes: content.length, sha256 })
    yield* add(`files/${owner}/${key}`, content)
  }
  try {
    const snapshots = new Map<string, string>()
    const seen: { part: Part; sql: Sql }[] = []
    for (const part of source.parts) {
      const sql = connect(part.url)
      connections.push(sql)
      const { host, pathname } = new URL(part.url)
      const shared = snapshots.get(host + pathname)
      if (shared) await joinSnapshot(sql, shared)
      else snapshots.set(host + pathname, await beginSnapshot(sql))
      seen.push({ part, sql })
    }
    for (const { part, sql } of seen) {
      const schema: SchemaState = {
        name: part.name,
        migrations: [...(await listMigrations(sql, part.name))],
        tables: [],
        sequences: [],
      }
      for (const { name, columns } of await listTables(sql, part.name)) {
        const sum = new TableSum()
        let parts = 0
        const rows = await copyOut(sql, part.name, name, columns)
        for await (const chunk of inPieces(rows, sum)) {
          yield* add(`tables/${part.name}/${name}/${String(parts++).padStart(6, '0')}`, chunk)
        }
        if (sum.rows !== (await countRows(sql, part.name, name)) || !sum.whole) {
          throw new BackupError(`The table ${part.name}.${name} did not come whole. Try again.`)
        }
        schema.tables.push({ name, columns, rows: sum.rows, sum: sum.value, parts })
      }
      for await (const key of part.files?.list(sql) ?? []) {
        const content = await part.files?.read(key)
        if (content) yield* keep(part.name, key, content)
        else source.onMissing?.(`${part.name}/${key}`)
      }
      // Not of the snapshot but later, which is never behind what a row has taken from it.
      schema.sequences = await listSequences(sql, part.name)
      manifest.schemas.push(schema)
    }
    for (const { name, bytes: content } of source.extras) yield* keep('data', name, content)
    yield* pack(manifestName, Buffer.from(JSON.stringify(manifest)))
    yield end
    done(manifest)
  } finally {
    await Promise.all(connections.map((sql) => sql.end({ timeout: 1 })))
  }
}

async function* inPieces(rows: AsyncIterable<Uint8Array>, sum: TableSum) {
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of rows) {
    sum.add(chunk)
    held.push(chunk)
    size += chunk.length
    if (size < partBytes) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}
