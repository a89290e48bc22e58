import { connect, type Socket } from 'node:net'

/** Where a pool connects to, as its driver has read the URL: hosts to be tried in turn, or a path. */
type Target = { host: readonly string[]; port: readonly number[]; path?: string | false }

/**
 * A pool's connections, made here in place of the driver, as its `socket` option. A connection that was given something
 * and is silent for too long is ended: where the other end vanished the driver would wait for ever, and with it whoever
 * has a transaction on that connection, though the pool's others are well.
 */
export class Sockets {
  /** Since when each waits for an answer; 0: it does not. */
  private readonly waiting = new Map<Socket, number>()
  private readonly timer: NodeJS.Timeout
  private turn = 0

  /** @param patience milliseconds of silence; longer than any statement may take */
  constructor(private readonly patience: number) {
    this.timer = setInterval(() => this.endSilent(), Math.min(1000, patience))
    this.timer.unref()
  }

  /** The driver sends what it has to say at once; it leaves when the connection stands. */
  readonly socket = ({ host, port, path }: Target): Socket => {
    const at = this.turn++ % host.length
    const target = { host: host[at] ?? '127.0.0.1', port: port[at] ?? 5432 }
    const socket = path ? connect(path) : connect(target)
    // The driver hears of errors too; before it listens, one must not end the process.
    socket.on('error', () => {})
    // Under TLS the driver takes this listener away and writes past us: such a connection is never waited for.
    socket.on('data', () => this.waiting.set(socket, 0))
    this.waiting.set(socket, 0)
    const write = socket.write.bind(socket)
    const noted = (...given: Parameters<typeof write>) => {
      if (!this.waiting.get(socket)) this.waiting.set(socket, performance.now())
      return write(...given)
    }
    // The host stands where the driver looks for the name that a certificate must have.
    return Object.assign(socket, target, { write: noted })
  }

  /** Ends every connection at once: all that waits on one fails. */
  destroy(): void {
    clearInterval(this.timer)
    for (const socket of this.waiting.keys()) socket.destroy()
  }

  private endSilent(): void {
    const now = performance.now()
    for (const [socket, since] of this.waiting) {
      if (since > 0 && now - since > this.patience) socket.destroy()
      if (socket.destroyed) this.waiting.delete(socket)
    }
  }
}
