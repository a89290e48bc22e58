import { connect, type Socket } from 'node:net'

/** Where a pool connects to, as its driver has read the URL: hosts to be tried in turn, or a path. */
type Target = { host: readonly string[]; port: readonly number[]; path?: string | false }

/**
 * A pool's connections, made here in place of the driver: where the other end vanished, it would wait for ever for the
 * end of a connection that it closes in order, and whoever has a transaction on it would wait too. Given to the driver
 * as its `socket` option.
 */
export class Sockets {
  private readonly open = new Set<Socket>()
  private turn = 0

  /** The driver sends what it has to say at once; it leaves when the connection stands. */
  readonly socket = ({ host, port, path }: Target): Socket => {
    const at = this.turn++ % host.length
    const target = { host: host[at] ?? '127.0.0.1', port: port[at] ?? 5432 }
    const socket = path ? connect(path) : connect(target)
    // The driver hears of errors too; before it listens, one must not end the process.
    socket.on('error', () => {})
    // Not by an event: for TLS the driver takes all listeners away.
    for (const one of this.open) if (one.destroyed) this.open.delete(one)
    this.open.add(socket)
    // Where the driver looks for the name that a certificate must have.
    return Object.assign(socket, target)
  }

  /** Ends every connection at once: all that waits on one fails. */
  destroy(): void {
    for (const socket of this.open) socket.destroy()
  }
}
