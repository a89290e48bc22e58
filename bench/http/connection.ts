import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ProtocolError, ResponseReader } from './response-reader.ts'

/** With `tls` whatever certificate is shown is taken. */
export type Address = { host: string; port: number; tls?: true }

/**
 * What came of a request: a whole response, or why there is none. `shed`: 503 with Retry-After. `unread`: the
 * connection had served before and ended without a byte of an answer, as one does that was closed while idle.
 */
export type Outcome =
  | { status: number; bytes: number; shed: boolean }
  | { error: Error; unread: boolean }

/**
 * One connection, one request at a time, as bytes made beforehand. As little as possible stands between the socket
 * and the caller, because what the generator spends cannot be told from what the server is slow by.
 */
export class Connection {
  private readonly socket: Socket
  private readonly reader: ResponseReader
  private answered: ((outcome: Outcome) => void) | undefined
  private over = false
  private served = false

  /** @param onClose is called once, after the outcome of a request that was under way */
  constructor(
    address: Address,
    private readonly onClose: (connection: Connection) => void,
  ) {
    this.reader = new ResponseReader((head, bytes) => {
      const { answered } = this
      this.answered = undefined
      this.served = true
      if (head.closes) this.close(new Error('closed'))
      if (!answered) this.close(new ProtocolError('A response nobody asked for.'))
      answered?.({ status: head.status, bytes, shed: head.status === 503 && head.retryAfter })
    })
    this.socket = address.tls ? this.secured(address) : this.plain(address)
    this.socket.on('error', (error) => this.close(error))
    this.socket.on('end', () => this.ended())
    this.socket.on('close', () => this.close(new Error('The connection was closed.')))
  }

  private plain({ host, port }: Address): Socket {
    return connect({
      ...{ host, port, noDelay: true },
      onread: {
        buffer: Buffer.allocUnsafe(64 * 1024),
        callback: (length, buffer) => {
          this.read(Buffer.from(buffer.buffer, buffer.byteOffset, length))
          return true
        },
      },
    })
  }

  private secured({ host, port }: Address): Socket {
    const socket = connectTls({ host, port, rejectUnauthorized: false })
    return socket.setNoDelay(true).on('data', (chunk) => this.read(chunk))
  }

  get usable(): boolean {
    return !this.over && this.answered === undefined
  }

  /** Sends a whole request; `answered` is called once. */
  send(request: Buffer, answered: (outcome: Outcome) => void): void {
    this.answered = answered
    this.socket.write(request)
  }

  /** Ends it at once; a request under way gets the reason. */
  close(reason: Error = new Error('closed')): void {
    if (this.over) return
    this.over = true
    this.socket.destroy()
    const { answered } = this
    this.answered = undefined
    answered?.({ error: reason, unread: this.served && !this.reader.begun })
    this.onClose(this)
  }

  private read(chunk: Buffer): void {
    try {
      this.reader.feed(chunk)
    } catch (error) {
      this.close(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private ended(): void {
    try {
      this.reader.end()
      this.close(new Error('The server closed the connection.'))
    } catch (error) {
      this.close(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
