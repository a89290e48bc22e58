import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, gzipSync } from 'node:zlib'
import { readHeader } from './read-header.ts'
import { securityHeaders } from './security.ts'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

type Encoding = 'br' | 'gzip' | 'identity'

/** A page in one encoding: whole, with its headers as a flat list, as node:http takes them fastest. */
type Form = {
  body: Buffer
  /** Ends with the request id's name and an empty place, filled in as each answer is sent. */
  headers: string[]
}

type RenderedOptions = {
  status: number
  /** In pieces, in order. */
  html: readonly string[]
  tags: readonly string[]
  /** What browsers and proxies in front are told. */
  cacheControl: string
  headers?: readonly string[]
  /** Sent again and again, so that small is worth more than soon. */
  kept?: boolean
}

/** A page ready to be sent; compressed when first asked for in an encoding, once. */
export class Rendered {
  readonly status: number
  readonly tags: readonly string[]
  private readonly identity: Buffer
  private readonly print: string
  private readonly forms: Partial<Record<Encoding, Form>> = {}
  private readonly making: Partial<Record<Encoding, Promise<Form>>> = {}

  constructor(private readonly options: RenderedOptions) {
    this.status = options.status
    this.tags = options.tags
    this.identity = encode(options.html)
    this.print = hash('sha256', this.identity, 'base64url').slice(0, 20)
  }

  /** About what it weighs in memory, both compressed forms included. */
  get bytes(): number {
    return Math.ceil(this.identity.length * 1.4) + 2000
  }

  /** Sends the page, or 304 when the browser has it. At once, but for the first in an encoding. */
  send(req: IncomingMessage, res: ServerResponse, requestId: string): void {
    const accepted = readHeader(req, 'accept-encoding') ?? ''
    // What is sent once is compressed quickly, and gzip is the quicker one.
    const encoding = chooseEncoding(this.options.kept ? accepted : accepted.replace(/\bbr\b/, ''))
    const known = readHeader(req, 'if-none-match')
    if (this.status === 200 && known && matches(known, this.etag(encoding))) {
      res.writeHead(304, [
        ...['ETag', this.etag(encoding), 'Vary', 'Accept-Encoding', 'X-Request-Id', requestId],
        ...['Cache-Control', this.options.cacheControl],
      ])
      res.end()
      return
    }
    const form = this.forms[encoding]
    if (form) this.write(form, req, res, requestId)
    else {
      this.make(encoding).then(
        (made) => this.write(made, req, res, requestId),
        (error) => res.destroy(error),
      )
    }
  }

  /** The same as a response, for addresses off the hot path. */
  toResponse(head = false): Response {
    const headers = new Headers()
    const list = this.headersOf('identity', this.identity)
    for (let i = 0; i + 3 < list.length; i += 2) headers.append(list[i] ?? '', list[i + 1] ?? '')
    return new Response(head ? null : this.identity.toString(), { status: this.status, headers })
  }

  private write(form: Form, req: IncomingMessage, res: ServerResponse, requestId: string): void {
    const { body, headers } = form
    // Written out before anybody else can fill the place.
    headers[headers.length - 1] = requestId
    res.writeHead(this.status, headers)
    if (req.method === 'HEAD') res.end()
    else res.end(body)
  }

  private make(encoding: Encoding): Promise<Form> {
    const making = this.making[encoding]
    if (making) return making
    const made = compress(this.identity, encoding, this.options.kept ?? false).then((body) => {
      const form = { body, headers: this.headersOf(encoding, body) }
      this.forms[encoding] = form
      return form
    })
    this.making[encoding] = made
    return made
  }

  private etag(encoding: Encoding): string {
    const suffix = { br: '-br', gzip: '-gz', identity: '' }[encoding]
    return `"${this.print}${suffix}"`
  }

  private headersOf(encoding: Encoding, body: Buffer): string[] {
    const { cacheControl, headers = [] } = this.options
    return [
      ...['Content-Type', 'text/html; charset=utf-8'],
      ...['Content-Length', String(body.length)],
      ...(encoding === 'identity' ? [] : ['Content-Encoding', encoding]),
      ...['ETag', this.etag(encoding), 'Vary', 'Accept-Encoding', 'Cache-Control', cacheControl],
      ...headers,
      ...securityHeaders,
      ...['X-Request-Id', ''],
    ]
  }
}

/** Each piece is written where it belongs: joined to one string first, a page would be copied twice over. */
function encode(pieces: readonly string[]): Buffer {
  const buffer = Buffer.allocUnsafe(
    pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0),
  )
  let end = 0
  for (const piece of pieces) end += buffer.write(piece, end)
  return buffer
}

/**
 * A page that is kept is compressed well, on another thread; one that is not, quickly: then handing it over would cost
 * as much as the work.
 */
async function compress(identity: Buffer, encoding: Encoding, kept: boolean): Promise<Buffer> {
  if (encoding === 'identity') return identity
  if (!kept) return gzipSync(identity, { level: 1 })
  if (encoding === 'gzip') return await zip(identity, { level: 6 })
  return await brotli(identity, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      // A window no wider than the page: the usual one is made of megabytes, for each page anew.
      [constants.BROTLI_PARAM_LGWIN]: Math.min(
        22,
        Math.max(10, Math.ceil(Math.log2(identity.length + 16))),
      ),
    },
  })
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
