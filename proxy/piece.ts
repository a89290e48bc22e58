import {
  contentDigest,
  defaultMaxAge,
  type FragmentAnswer,
  fragmentHeaders,
  type PageMeta,
} from '@colonnade/http'
import { z } from 'zod'

/** No section needs more; a service that sends more is broken, and must not fill our memory. */
const largest = 2 * 1024 * 1024

const metaSchema: z.ZodType<PageMeta> = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  image: z.string().optional(),
  canonical: z.string().optional(),
  noindex: z.boolean().optional(),
  jsonLd: z.record(z.string(), z.unknown()).optional(),
})

const about = { tags: z.array(z.string()), maxAge: z.number() }

const pieceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('html'),
    html: z.string(),
    assets: z.array(z.string()),
    meta: metaSchema,
    ...about,
  }),
  z.object({ kind: z.literal('empty'), meta: metaSchema, ...about }),
  z.object({ kind: z.literal('missing'), ...about }),
  z.object({ kind: z.literal('moved'), location: z.string(), ...about }),
])

/** What a fragment answered, checked and whole. */
export type Piece = z.infer<typeof pieceSchema>

/**
 * A piece from its JSON text.
 * @throws when it is none
 */
export const parsePiece = (text: string): Piece => pieceSchema.parse(JSON.parse(text))

/** A missing fragment is asked for again after so many seconds. */
const missingMaxAge = 5

/** What a fragment in this process answered. */
export function pieceOf(answer: FragmentAnswer, assets: readonly string[]): Piece {
  const tags = answer.tags ?? []
  if (answer.status === 404) return { kind: 'missing', tags, maxAge: missingMaxAge }
  if (answer.status === 301) {
    return { kind: 'moved', location: answer.location, tags, maxAge: missingMaxAge }
  }
  const { maxAge = defaultMaxAge, meta = {} } = answer
  if (answer.status === 204) return { kind: 'empty', meta, tags, maxAge }
  return { kind: 'html', html: answer.html, assets: [...assets], meta, tags, maxAge }
}

/**
 * Reads a fragment's answer, its body included.
 * @throws when it is not the fragment that was asked for, not whole, too large, or an error
 */
export async function readPiece(name: string, response: Response): Promise<Piece> {
  const { status, headers } = response
  if (headers.get(fragmentHeaders.name) !== name) {
    await response.body?.cancel()
    throw new Error(`${name}: what answered is not this fragment (status ${status})`)
  }
  const tags = list(headers.get(fragmentHeaders.tags))
  const maxAge = Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1] ?? 5)
  if (status === 301)
    return { kind: 'moved', location: headers.get('location') ?? '/', tags, maxAge }
  if (status === 404) {
    await response.body?.cancel()
    return { kind: 'missing', tags, maxAge: missingMaxAge }
  }
  const meta = readMeta(headers.get(fragmentHeaders.meta))
  if (status === 204) return { kind: 'empty', meta, tags, maxAge }
  if (status !== 200) {
    await response.body?.cancel()
    throw new Error(`${name}: status ${status}`)
  }
  const body = await readUpTo(response, largest)
  if (headers.get(fragmentHeaders.digest) !== contentDigest(body)) {
    throw new Error(`${name}: the body is not what its digest says`)
  }
  const html = new TextDecoder('utf-8', { fatal: true }).decode(body)
  return {
    kind: 'html',
    html,
    assets: list(headers.get(fragmentHeaders.assets)),
    meta,
    tags,
    maxAge,
  }
}

/** The items of a header that is a list. */
export const list = (header: string | null) =>
  (header ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** What `encodeMeta` wrote. */
export function readMeta(header: string | null): PageMeta {
  if (!header) return {}
  return metaSchema.parse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')))
}

async function readUpTo(response: Response, limit: number): Promise<Buffer> {
  const reader = response.body?.getReader()
  if (!reader) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    size += value.byteLength
    if (size > limit) {
      await reader.cancel()
      throw new Error(`more than ${limit} bytes`)
    }
    chunks.push(value)
  }
}
