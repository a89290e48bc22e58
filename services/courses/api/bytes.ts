import type { Sql } from '@colonnade/db'
import { findBytes } from '../queries/files.ts'

/** So much of a file is in memory at once, for each who reads it. */
const pieceBytes = 512 * 1024
/** A part is at most so long: a player asks for the next one when it gets there. */
const longestPart = 4 * 1024 * 1024

type File = { sha256: string; size: number }
type Asked = { range: string | undefined; sameAs: string | undefined; etag: string }
type Part = {
  status: 200 | 206 | 416
  range: Record<string, string>
  body: ReadableStream<Uint8Array> | null
}

/**
 * A file, or the part of it that a `Range` header asks for (RFC 9110, 14): one range of bytes. What is no such range is
 * answered with the whole file, and one beyond its end with 416.
 */
export function bytesOf(sql: Sql, file: File, asked: Asked): Part {
  const { size } = file
  const range =
    asked.range !== undefined && (asked.sameAs ?? asked.etag) === asked.etag
      ? readRange(asked.range, size)
      : undefined
  if (range === 'beyond') {
    return { status: 416, range: { 'Content-Range': `bytes */${size}` }, body: null }
  }
  const { from, to } = range ?? { from: 0, to: size - 1 }
  return {
    status: range ? 206 : 200,
    range: {
      'Accept-Ranges': 'bytes',
      'Content-Length': String(to - from + 1),
      ...(range ? { 'Content-Range': `bytes ${from}-${to}/${size}` } : {}),
    },
    body: stream(sql, file.sha256, from, to),
  }
}

/** The first and last byte that are asked for. */
function readRange(
  header: string,
  size: number,
): { from: number; to: number } | 'beyond' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Number(last)
  if (first !== '' && last !== '' && end < from) return undefined
  if (from >= size || (first === '' && Number(last) === 0)) return 'beyond'
  return { from, to: Math.min(end, size - 1, from + longestPart - 1) }
}

function stream(sql: Sql, sha256: string, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (at > to) return controller.close()
      const bytes = await findBytes(sql, sha256, at, Math.min(pieceBytes, to - at + 1))
      if (!bytes || bytes.length === 0) throw new Error(`the file ${sha256} ended early`)
      at += bytes.length
      controller.enqueue(new Uint8Array(bytes))
      if (at > to) controller.close()
    },
  })
}
