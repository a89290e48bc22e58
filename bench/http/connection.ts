import { connect, type Socket } from 'node:net'
import { ProtocolError, ResponseReader } from './response-reader.ts'

export type Address = { host: string; port: number }

/** What came of a request: a whole response, or why there is none. */
export type Outcome = { status: number; bytes: number } | { error: Error }

/**
 * One connection, one request at a time, as bytes made beforehand. As little as possible stands between the socket
 * and the caller, because what the generator spends cannot be told from what the server is slow by.
 */
export class Connection {
  private readonly socket: Socket
  private readonly reader: ResponseReader
  private answered: ((outcome: Outcome) => void) | undefined
  private over = false

  /** @param onClose is called once, after the outcome of a request that was under way */
  constructor(
    address: Address,
    private readonly onClose: (connection: Connection) => void,
  ) {
    this.reader = new ResponseReader((head, bytes) => {
      const { answered } = this
      this.answered = undefined
      if (head.closes) this.close(new Error('closed'))
      if (!answered) this.close(new ProtocolError('A response nobody asked for.'))
      answered?.({ status: head.status, bytes })
    })
    this.socket = connect({
      ...address,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(64 * 1024),
        callback: (length, buffer) => {
          this.read(Buffer.from(buffer.buffer, buffer.byteOffset, length))
          return true
        },
      },
    })
    this.socket.on('error', (error) => this.close(error))
    this.socket.on('end', () => this.ended())
    this.socket.on('close', () => this.close(new Error('The connection was closed.')))
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
    answered?.({ error: reason })
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
