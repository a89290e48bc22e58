/** The other side does not speak HTTP/1.1 as we know it; the connection is of no more use. */
export class ProtocolError extends Error {}

export type ResponseHead = {
  status: number
  /** Bytes of the body; undefined when the body ends otherwise. */
  length: number | undefined
  chunked: boolean
  /** No other request may follow on this connection. */
  closes: boolean
  retryAfter: boolean
}

const headEnd = Buffer.from('\r\n\r\n')
const longestHead = 64 * 1024
const bodiless = (status: number) =>
  status === 204 || status === 304 || (status >= 100 && status < 200)

/**
 * Reads the responses on one connection, as bytes come, and counts the bodies' bytes without keeping them (RFC 9112).
 * Requests are never HEAD or CONNECT.
 */
export class ResponseReader {
  private state: 'head' | 'body' | 'until-end' | 'size' | 'chunk' | 'chunk-end' | 'trailers' =
    'head'
  private head: ResponseHead | undefined
  /** Bytes of a head or line that came in parts. */
  private held = Buffer.alloc(0)
  private left = 0
  private bytes = 0

  /** @param onResponse is called once for each whole response, with the size of its body as sent */
  constructor(private readonly onResponse: (head: ResponseHead, bodyBytes: number) => void) {}

  /** Whether bytes of an unfinished response have been read. */
  get begun(): boolean {
    return this.state !== 'head' || this.held.length > 0
  }

  /** @throws ProtocolError */
  feed(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      switch (this.state) {
        case 'head':
          at = this.readHead(chunk, at)
          break
        case 'until-end':
          this.bytes += chunk.length - at
          return
        case 'body':
        case 'chunk': {
          const taken = Math.min(this.left, chunk.length - at)
          at += taken
          this.left -= taken
          this.bytes += taken
          if (this.left > 0) return
          if (this.state === 'body') this.finish()
          else this.state = 'chunk-end'
          break
        }
        default:
          at = this.readChunkLine(chunk, at)
      }
    }
  }

  /** The connection ended: the end of a body that nothing else ends. @throws ProtocolError when in the middle */
  end(): void {
    if (this.state === 'until-end') this.finish()
    else if (this.begun) throw new ProtocolError('The connection ended within a response.')
  }

  private readHead(chunk: Buffer, at: number): number {
    const whole = this.held.length > 0 ? Buffer.concat([this.held, chunk.subarray(at)]) : chunk
    const start = this.held.length > 0 ? 0 : at
    const end = whole.indexOf(headEnd, start)
    if (end < 0) {
      this.hold(whole.subarray(start))
      return chunk.length
    }
    const before = this.held.length
    this.held = Buffer.alloc(0)
    const head = parseHead(whole.toString('latin1', start, end))
    // 100 Continue and its like announce the real one.
    if (head.status < 200) return before > 0 ? at + end + 4 - before : end + 4
    this.head = head
    this.bytes = 0
    this.left = head.length ?? 0
    if (bodiless(head.status) || (head.length === 0 && !head.chunked)) this.finish()
    else if (head.chunked) this.state = 'size'
    else this.state = head.length === undefined ? 'until-end' : 'body'
    return before > 0 ? at + end + 4 - before : end + 4
  }

  private readChunkLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(10, at)
    if (end < 0) {
      this.hold(Buffer.concat([this.held, chunk.subarray(at)]))
      return chunk.length
    }
    const line = (this.held.toString('latin1') + chunk.toString('latin1', at, end)).replace(
      /\r$/,
      '',
    )
    this.held = Buffer.alloc(0)
    if (this.state === 'size') {
      if (!/^[0-9a-f]{1,8}[ \t]*(;|$)/i.test(line)) throw new ProtocolError(`Chunk size: ${line}`)
      this.left = Number.parseInt(line, 16)
      this.state = this.left === 0 ? 'trailers' : 'chunk'
    } else if (this.state === 'chunk-end') {
      if (line !== '') throw new ProtocolError('A chunk is longer than it said.')
      this.state = 'size'
    } else if (line === '') {
      this.finish()
    }
    return end + 1
  }

  private hold(bytes: Buffer): void {
    if (bytes.length > longestHead) throw new ProtocolError('The head does not end.')
    // The caller's buffer is used again for what comes next.
    this.held = Buffer.from(bytes)
  }

  private finish(): void {
    const { head } = this
    this.state = 'head'
    if (head) this.onResponse(head, this.bytes)
  }
}

/** Reads status line and the headers that say how the body ends; line by line, which is cheaper than searching. */
export function parseHead(head: string): ResponseHead {
  if (!/^HTTP\/1\.[01] [1-5]\d\d(?!\d)/.test(head)) {
    throw new ProtocolError(`Not a response: ${head.slice(0, 40)}`)
  }
  const parsed: ResponseHead = {
    status: Number(head.slice(9, 12)),
    length: undefined,
    chunked: false,
    closes: head.charCodeAt(7) === 48,
    retryAfter: false,
  }
  for (let at = head.indexOf('\r\n'); at >= 0; at = head.indexOf('\r\n', at + 2)) {
    const letter = head.charCodeAt(at + 2) | 32
    // Only names that begin with c, r or t matter.
    if (letter !== 99 && letter !== 114 && letter !== 116) continue
    const end = head.indexOf('\r\n', at + 2)
    readHeader(head.slice(at + 2, end < 0 ? undefined : end), parsed)
  }
  if (parsed.chunked) parsed.length = undefined
  else if (parsed.length === undefined && !bodiless(parsed.status)) parsed.closes = true
  return parsed
}

function readHeader(line: string, parsed: ResponseHead): void {
  const colon = line.indexOf(':')
  const value = line.slice(colon + 1).trim()
  switch (line.slice(0, colon).toLowerCase()) {
    case 'content-length': {
      if (!/^\d{1,15}$/.test(value)) throw new ProtocolError(`Content-Length: ${value}`)
      if (parsed.length !== undefined && parsed.length !== Number(value)) {
        throw new ProtocolError('Two lengths.')
      }
      parsed.length = Number(value)
      break
    }
    case 'transfer-encoding':
      parsed.chunked = /(^|,)\s*chunked$/i.test(value)
      break
    case 'retry-after':
      parsed.retryAfter = true
      break
    case 'connection':
      if (/(^|,)\s*close\s*(,|$)/i.test(value)) parsed.closes = true
  }
}
