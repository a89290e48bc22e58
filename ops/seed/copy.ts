import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type postgres from 'postgres'

/** A column's value as COPY's text format has it; arrays are of text, objects are JSON. */
export type Value = string | number | boolean | null | readonly string[] | { json: unknown }

const chunkLength = 64 * 1024

/** Sends rows to a COPY as fast as it takes them, never holding more than a chunk. `onRows` hears of each chunk. */
export async function copyRows(
  rows: Iterable<readonly Value[]>,
  into: postgres.PendingQuery<postgres.Row[]>,
  onRows: (count: number) => void,
): Promise<void> {
  // postgres.js tells nobody of an error that comes behind the last row, when the query counts as answered: caught here.
  const refused = new Promise<never>((_, reject) => Object.assign(into, { reject }))
  const send = async () =>
    await pipeline(
      Readable.from(chunks(rows, onRows), { objectMode: false }),
      await into.writable(),
    )
  await Promise.race([send(), refused])
}

function* chunks(
  rows: Iterable<readonly Value[]>,
  onRows: (count: number) => void,
): Generator<string> {
  let text = ''
  let count = 0
  for (const row of rows) {
    text += `${row.map(field).join('\t')}\n`
    count++
    if (text.length < chunkLength) continue
    yield text
    onRows(count)
    text = ''
    count = 0
  }
  if (count > 0) yield text
  onRows(count)
}

/** One field in COPY's text format. */
export function field(value: Value): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if ('json' in value) return escape(JSON.stringify(value.json))
  const entries = value.map((entry) => `"${entry.replace(/["\\]/g, '\\$&')}"`)
  return escape(`{${entries.join(',')}}`)
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const escape = (text: string) =>
  /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign) : text
