import { z } from 'zod'
import { type Entry, entry } from './entry.ts'

/** An entry as it came: understood, or kept as it is with what is wrong with it. */
export type Read =
  | { id: string; entry: Entry }
  | { id: string; raw: string; at: number; why: string }

/** Characters of one entry's JSON. */
const longest = 140_000

const named = z.object({ id: z.uuid().toLowerCase() })

/** Body of a request that adds to the log. One entry that is wrong takes none of the others with it. */
export const logBody = z.object({
  /** The device's clock, in milliseconds since 1970: what it tells of times is set right by the difference. */
  now: z.int().min(0).max(8_640_000_000_000_000).optional(),
  entries: z.array(z.looseObject(named.shape)).min(1).max(200),
})

/** Reads one of a body's entries. */
export function readEntry(given: { id: string }, now: number): Read {
  const raw = JSON.stringify(given)
  const { id } = given
  if (raw.length > longest) {
    return {
      id,
      raw: raw.slice(0, longest),
      at: now,
      why: `It is longer than ${longest} characters.`,
    }
  }
  const result = entry.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    const path = issue?.path.join('/') ?? ''
    return { id, raw, at: now, why: `It cannot be read: ${path} ${issue?.message ?? ''}` }
  }
  if (!storable(raw, given)) {
    return { id, raw, at: now, why: 'It holds a character that cannot be kept.' }
  }
  return { id, entry: result.data }
}

/** Postgres keeps no NUL and no half of a character. Looked for in the text first: nearly no entry has either. */
function storable(raw: string, given: unknown): boolean {
  return !/\\u(0000|d[89a-f])/i.test(raw) || textsIn(given).every(isText)
}

/** Text that can be in the database at all. */
export const isText = (text: string) => text.isWellFormed() && !text.includes('\0')

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
}
