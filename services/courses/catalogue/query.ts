import { z } from 'zod'

export const lengths = ['short', 'medium', 'long'] as const
export const levels = ['beginner', 'intermediate', 'advanced'] as const
export const sorts = ['relevance', 'newest', 'title', 'shortest', 'longest'] as const

export type Sort = (typeof sorts)[number]

/** What narrows the catalogue down; each at most one value. */
export type Filters = {
  level?: (typeof levels)[number] | undefined
  language?: string | undefined
  subject?: string | undefined
  length?: (typeof lengths)[number] | undefined
}

export const dimensions = ['level', 'subject', 'length', 'language'] as const
export type Dimension = (typeof dimensions)[number]

/** Where the next page begins: the last row's sort key and id. */
export type Cursor = { sort: Sort; after: string | number; id: number }

export type CatalogueQuery = Filters & { q: string; sort: Sort; cursor?: Cursor | undefined }

const word = z.string().regex(/^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8}){0,3}$/)

/** Filters as they stand in an address. */
export const filterFields = {
  level: z.enum(levels).optional(),
  language: word.optional(),
  subject: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  length: z.enum(lengths).optional(),
}

const cursorSchema = z.tuple([
  z.enum(sorts),
  z.union([z.string().max(250), z.number()]),
  z.int().min(1),
])

export const encodeCursor = ({ sort, after, id }: Cursor) =>
  Buffer.from(JSON.stringify([sort, after, id])).toString('base64url')

/** A cursor as we gave it, or undefined for anything else. */
export function decodeCursor(text: string): Cursor | undefined {
  if (!/^[\w-]{1,800}$/.test(text)) return undefined
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    if (!parsed.success) return undefined
    const [sort, after, id] = parsed.data
    const isText = typeof after === 'string'
    if (isText !== (sort === 'title' || sort === 'newest')) return undefined
    if (sort === 'newest' && !/^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z$/.test(String(after)))
      return undefined
    if (sort === 'newest' && !isDay(String(after))) return undefined
    if (isText && !isStorable(after)) return undefined
    return { sort, after, id }
  } catch {
    return undefined
  }
}

/** Whether an instant's day is in the calendar; V8 reads the 30th of February as a day in March. */
function isDay(instant: string): boolean {
  const time = Date.parse(instant)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === instant.slice(0, 19)
}

/** Text that Postgres can take: no NUL, no half characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const isStorable = (text: string) => text.isWellFormed() && !/\u0000/.test(text)

const longest = 200

/** Whatever stands in a search field, as text to search for. */
function cleanQuery(given: string | undefined): string {
  return (given ?? '')
    .slice(0, 4 * longest)
    .normalize('NFC')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\ufffd]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed()
    .trim()
}

const most = 12

/** The words of a query that count. */
export function wordsOf(q: string): string[] {
  return q.match(/[\p{L}\p{N}]+/gu)?.slice(0, most) ?? []
}

/** The parameters of a page's address; what cannot be meant is treated as absent. */
export function readCatalogueQuery(params: Record<string, string>): CatalogueQuery {
  const optional = <T>(schema: z.ZodType<T>, value: string | undefined): T | undefined => {
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : undefined
  }
  const q = cleanQuery(params.q)
  const sort = optional(z.enum(sorts), params.sort)
  const known = withDefaultSort(q, sort)
  const cursor = params.cursor ? decodeCursor(params.cursor) : undefined
  return {
    q,
    level: optional(filterFields.level, params.level),
    language: optional(filterFields.language, params.language),
    subject: optional(filterFields.subject, params.subject),
    length: optional(filterFields.length, params.length),
    sort: known,
    cursor: cursor?.sort === known ? cursor : undefined,
  }
}

/** Best match first when something is looked for, else the newest; there is no best match for nothing. */
export function withDefaultSort(q: string, sort: Sort | undefined): Sort {
  if (q === '') return sort === undefined || sort === 'relevance' ? 'newest' : sort
  return sort ?? 'relevance'
}
