import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Address } from './address.ts'
import { failed, secure } from './secure.ts'

/** Where a pool connects to, as its driver has read the URL: hosts to be tried in turn, or a path. */
export type Target = { host: readonly string[]; port: readonly number[]; path?: string | false }

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

  /**
   * @param patience milliseconds of silence; longer than any statement may take
   * @param address how connections are secured, and where they lead when the driver cannot read it
   * @param connectMs how long a secured one may take to stand; the driver looks after others itself
   */
  constructor(
    private readonly patience: number,
    private readonly address: Pick<Address, 'host' | 'tls'> = {},
    private readonly connectMs = 2000,
  ) {
    this.timer = setInterval(() => this.endSilent(), Math.min(1000, patience))
    this.timer.unref()
  }

  /** The driver sends what it has to say at once; it leaves when the connection stands. */
  readonly socket = ({ host, port, path }: Target): Socket | Promise<Duplex> => {
    const at = this.turn++ % host.length
    const { host: own, tls } = this.address
    const target = { host: own ?? host[at] ?? '127.0.0.1', port: port[at] ?? 5432 }
    const socket = path ? connect(path) : connect({ ...target, noDelay: true })
    // The driver hears of errors too; before it listens, one must not end the process.
    socket.on('error', () => {})
    this.waiting.set(socket, 0)
    if (path || !tls) return Object.assign(this.listenTo(socket), target)
    return secure(socket, target.host, tls, this.connectMs).then(
      (secured) => Object.assign(this.listenTo(secured), target),
      failed,
    )
  }

  private listenTo(socket: Socket): Socket {
    socket.on('error', () => {})
    socket.on('data', () => this.waiting.set(socket, 0))
    this.waiting.set(socket, 0)
    const write = socket.write.bind(socket)
    const noted = (...given: Parameters<typeof write>) => {
      if (!this.waiting.get(socket)) this.waiting.set(socket, performance.now())
      return write(...given)
    }
    return Object.assign(socket, { write: noted })
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
