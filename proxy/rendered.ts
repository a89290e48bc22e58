import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { securityHeaders } from './security.ts'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

type Encoding = 'br' | 'gzip' | 'identity'

/** A page ready to be sent: each encoding whole, with its headers as a flat list, as node:http takes them fastest. */
export type Rendered = {
  status: number
  tags: readonly string[]
  body: Record<Encoding, Buffer>
  etag: Record<Encoding, string>
  headers: Record<Encoding, string[]>
  bytes: number
}

/** Compresses a document and prepares its headers. `cacheControl` is what browsers and proxies in front are told. */
export async function prepare(options: {
  status: number
  html: string
  tags: readonly string[]
  cacheControl: string
  headers?: readonly string[]
}): Promise<Rendered> {
  const identity = Buffer.from(options.html)
  const [br, gz] = await Promise.all([
    brotli(identity, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    }),
    zip(identity, { level: 6 }),
  ])
  const hash = createHash('sha256').update(identity).digest('base64url').slice(0, 20)
  const body = { br, gzip: gz, identity }
  const etag = { br: `"${hash}-br"`, gzip: `"${hash}-gz"`, identity: `"${hash}"` }
  const headersFor = (encoding: Encoding) => [
    ...['Content-Type', 'text/html; charset=utf-8'],
    ...['Content-Length', String(body[encoding].length)],
    ...(encoding === 'identity' ? [] : ['Content-Encoding', encoding]),
    ...['ETag', etag[encoding], 'Vary', 'Accept-Encoding', 'Cache-Control', options.cacheControl],
    ...(options.headers ?? []),
    ...securityHeaders,
  ]
  return {
    status: options.status,
    tags: options.tags,
    body,
    etag,
    headers: { br: headersFor('br'), gzip: headersFor('gzip'), identity: headersFor('identity') },
    bytes: br.length + gz.length + identity.length + 2000,
  }
}

/** Sends a prepared page, or 304 when the browser has it. */
export function send(
  rendered: Rendered,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
): void {
  const accepted = req.headers['accept-encoding']
  const encoding = chooseEncoding(typeof accepted === 'string' ? accepted : '')
  const known = req.headers['if-none-match']
  if (rendered.status === 200 && known && matches(known, rendered.etag[encoding])) {
    const headers = rendered.headers[encoding]
    res.writeHead(304, [
      ...['ETag', rendered.etag[encoding], 'Vary', 'Accept-Encoding', 'X-Request-Id', requestId],
      ...['Cache-Control', headers[headers.indexOf('Cache-Control') + 1] ?? 'no-store'],
    ])
    res.end()
    return
  }
  res.writeHead(rendered.status, [...rendered.headers[encoding], 'X-Request-Id', requestId])
  if (req.method === 'HEAD') res.end()
  else res.end(rendered.body[encoding])
}

/** Browsers send a handful of different values; each is read once. */
const chosen = new Map<string, Encoding>()

/** The best encoding that a request accepts (RFC 9110, 12.5.3); weights matter only where they are zero. */
export function chooseEncoding(accept: string): Encoding {
  const known = chosen.get(accept)
  if (known) return known
  const encoding = readEncoding(accept)
  if (chosen.size < 1000 && accept.length < 200) chosen.set(accept, encoding)
  return encoding
}

function readEncoding(accept: string): Encoding {
  const allows = (name: string) =>
    new RegExp(`(^|[,\\s])${name}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))\\s*(;|,|$)`, 'i').test(accept)
  if (accept === '') return 'identity'
  if (accept.includes('br') && allows('br')) return 'br'
  if (accept.includes('gzip') && allows('gzip')) return 'gzip'
  return 'identity'
}

/** If-None-Match against one tag: a list, or `*`, weak or strong (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string, etag: string): boolean {
  return (
    ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  )
}

/** A prepared page as a response, for addresses off the hot path. */
export function toResponse(rendered: Rendered, head = false): Response {
  const headers = new Headers()
  const list = rendered.headers.identity
  for (let i = 0; i + 1 < list.length; i += 2) headers.append(list[i] ?? '', list[i + 1] ?? '')
  return new Response(head ? null : rendered.body.identity.toString(), {
    status: rendered.status,
    headers,
  })
}
