import { finished } from 'node:stream/promises'
import type postgres from 'postgres'

/** A column's value as COPY's text format has it; arrays are of text, objects are JSON. */
export type Value = string | number | boolean | null | readonly string[] | { json: unknown }

/** Rows as they are sent: some at a time. */
export type Chunk = { bytes: Uint8Array; rows: number }

const chunkLength = 64 * 1024

/** Sends rows to a COPY as fast as it takes them, never holding more than a chunk. `onRows` hears of each chunk. */
export async function copyRows(
  rows: Iterable<readonly Value[]>,
  into: postgres.PendingQuery<postgres.Row[]>,
  onRows: (count: number) => void,
): Promise<void> {
  await copyChunks(chunksOf(rows), into, onRows)
}

/** As `copyRows`, for rows that are text already. A chunk may be overwritten when the next one is asked for. */
export async function copyChunks(
  chunks: Iterable<Chunk>,
  into: postgres.PendingQuery<postgres.Row[]>,
  onRows: (count: number) => void,
): Promise<void> {
  // postgres.js tells nobody of an error that comes behind the last row, when the query counts as answered: caught here.
  const refused = new Promise<never>((_, reject) => Object.assign(into, { reject }))
  refused.catch(() => {})
  const writable = await Promise.race([into.writable(), refused])
  // What goes wrong is told to whoever waits for a write, or by the refusal.
  writable.on('error', () => {})
  const send = async () => {
    for (const { bytes, rows } of chunks) {
      await new Promise<void>((resolve, reject) => {
        writable.write(bytes, (error) => (error ? reject(error) : resolve()))
      })
      if (writable.destroyed) return
      onRows(rows)
    }
    writable.end()
    await finished(writable)
  }
  try {
    await Promise.race([send(), refused])
  } catch (error) {
    // The connection takes nothing else before the COPY has ended, which this tells the server.
    writable.destroy(error instanceof Error ? error : new Error(String(error)))
    await refused.catch(() => {})
    throw error
  }
}

function* chunksOf(rows: Iterable<readonly Value[]>): Generator<Chunk> {
  let text = ''
  let count = 0
  for (const row of rows) {
    text += `${row.map(field).join('\t')}\n`
    count++
    if (text.length < chunkLength) continue
    yield { bytes: Buffer.from(text), rows: count }
    text = ''
    count = 0
  }
  if (count > 0) yield { bytes: Buffer.from(text), rows: count }
}

/** One field in COPY's text format. */
function field(value: Value): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if ('json' in value) return escapeText(JSON.stringify(value.json))
  const entries = value.map((entry) => `"${entry.replace(/["\\]/g, '\\$&')}"`)
  return escapeText(`{${entries.join(',')}}`)
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
export const escapeText = (text: string) =>
  /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign) : text
