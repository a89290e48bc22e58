import { createHash } from 'node:crypto'
import { migrate } from '@colonnade/db'
import type { KeptFiles, ServiceDefinition } from '@colonnade/http'
import type { Decrypter } from 'age-encryption'
import { BackupError, type Manifest, type SchemaState } from './manifest.ts'
import { beginLoading, emptySchema, endLoading, hasRows } from './queries/loading.ts'
import { connect, copyIn, copyOut, listTables, setSequence } from './queries/reading.ts'
import { differs, entries } from './read.ts'
import { TableSum } from './table-sum.ts'
import { type Entry, together } from './tar.ts'

/** Where a backup is put back. */
export type Target = {
  definitions: readonly ServiceDefinition[]
  urlOf(service: string): string
  filesOf(service: string): KeptFiles | undefined
  /** Takes the installation's own small files. */
  keep(name: string, bytes: Uint8Array): Promise<void>
}

/** The services whose tables hold anything. */
export async function listFilled({ definitions, urlOf }: Target): Promise<string[]> {
  const filled: string[] = []
  for (const { name } of definitions) {
    const sql = connect(urlOf(name))
    try {
      const tables = await listTables(sql, name)
      const names = tables.map((table) => table.name)
      if (await hasRows(sql, name, names)) filled.push(name)
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
  return filled
}

/** @throws BackupError when this release does not have what the backup's tables were made with */
export function checkMigrations(manifest: Manifest, { definitions }: Target): void {
  for (const { name, migrations } of manifest.schemas) {
    const service = definitions.find((definition) => definition.name === name)
    if (!service) {
      throw new BackupError(
        `The backup is of a newer or another release: this one has no service ${name}. Use the release that made it, or a newer one.`,
      )
    }
    const known = Object.entries(service.migrations).map(([path, text]) => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      sha256: createHash('sha256').update(text).digest('hex'),
    }))
    for (const one of migrations) {
      const same = known.find((file) => file.name === one.name)
      if (same?.sha256 === one.sha256) continue
      throw new BackupError(
        `The backup is of a newer or another release: this one does not have its migration ${name}/${one.name}. Use the release that made it, or a newer one.`,
      )
    }
  }
}

/**
 * Makes the tables as they were, from the migrations of this release, fills them, and puts the files back. What was in
 * the tables before is gone. A table that fails leaves its service's tables empty.
 */
export async function putBack(
  file: string,
  manifest: Manifest,
  target: Target,
  decrypter: Decrypter,
  signal?: AbortSignal,
): Promise<void> {
  checkMigrations(manifest, target)
  for (const { name, migrations } of manifest.schemas) {
    const url = target.urlOf(name)
    const sql = connect(url)
    await emptySchema(sql, name).finally(() => sql.end({ timeout: 1 }))
    const all = target.definitions.find((definition) => definition.name === name)?.migrations ?? {}
    const then = Object.entries(all).filter(([path]) =>
      migrations.some((one) => path === one.name || path.endsWith(`/${one.name}`)),
    )
    if (then.length > 0) await migrate(url, name, Object.fromEntries(then))
  }
  const source = entries(file, decrypter, signal)
  const queue = new Queue(source)
  try {
    for (const schema of manifest.schemas) {
      await fill(schema, target.urlOf(schema.name), queue)
      await putFiles(schema.name, target, queue)
    }
    await putFiles('data', target, queue)
  } finally {
    await source.return(undefined)
  }
}

/** What comes next in a backup, looked at before it is taken. */
class Queue {
  private ahead: Entry | undefined
  constructor(private readonly source: AsyncGenerator<Entry>) {}

  /** The next file, when its name begins so. */
  async next(begin: string): Promise<Entry | undefined> {
    if (!this.ahead) {
      const { value, done } = await this.source.next()
      if (done) return undefined
      this.ahead = value
    }
    if (!this.ahead.name.startsWith(begin)) return undefined
    const entry = this.ahead
    this.ahead = undefined
    return entry
  }
}

async function fill(schema: SchemaState, url: string, queue: Queue): Promise<void> {
  const { name, tables, sequences } = schema
  const sql = connect(url)
  const names = tables.map((table) => table.name)
  try {
    const keys = await beginLoading(sql, name, names)
    for (const table of tables) await copyIn(sql, name, table.name, table.columns, rowsOf(table))
    for (const sequence of sequences) await setSequence(sql, name, sequence)
    await endLoading(sql, name, names, keys)
  } finally {
    await sql.end({ timeout: 1 })
  }

  async function* rowsOf(table: { name: string }) {
    for (;;) {
      const entry = await queue.next(`tables/${name}/${table.name}/`)
      if (!entry) return
      yield* entry.body
    }
  }
}

async function putFiles(owner: string, target: Target, queue: Queue): Promise<void> {
  const begin = `files/${owner}/`
  for (;;) {
    const entry = await queue.next(begin)
    if (!entry) return
    const key = entry.name.slice(begin.length)
    const bytes = await together(entry.body)
    if (owner === 'data') await target.keep(key, bytes)
    else await target.filesOf(owner)?.write(key, bytes)
  }
}

/** Reads back what was put back. @throws BackupError telling the first table or file that differs */
export async function compare(
  manifest: Manifest,
  target: Target,
  signal?: AbortSignal,
): Promise<void> {
  for (const { name: schema, tables } of manifest.schemas) {
    const sql = connect(target.urlOf(schema))
    try {
      for (const { name, columns, rows, sum } of tables) {
        signal?.throwIfAborted()
        const found = new TableSum()
        for await (const chunk of await copyOut(sql, schema, name, columns)) found.add(chunk)
        if (found.rows !== rows || found.value !== sum) throw differs(`table ${schema}.${name}`)
      }
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
  for (const { owner, key, sha256 } of manifest.files) {
    if (owner === 'data') continue
    const bytes = await target.filesOf(owner)?.read(key)
    const found = createHash('sha256')
      .update(bytes ?? '')
      .digest('hex')
    if (found !== sha256) throw differs(`file ${owner}/${key}`)
  }
}
