import { setTimeout as delay } from 'node:timers/promises'
import type { Address } from './address.ts'
import type { Sql } from './database.ts'
import { Sockets } from './sockets.ts'

const checkEveryMs = 1000

/**
 * A pool that is made anew when its database is silent: a cut network tells nobody, and a connection whose other end
 * is gone would keep everything given to it for a quarter of an hour. Asked something easy, a pool that has not
 * answered after `patience` milliseconds is given up: what waits in it fails, as when a connection is lost.
 */
export class MendingPool {
  /** The pool of the moment: whoever holds this never holds one that was given up. */
  readonly sql: Sql
  private sockets: Sockets
  private pool: Sql
  private used = false
  private asking = false
  private readonly timer = setInterval(() => void this.check(), checkEveryMs)

  constructor(
    /** Makes the pool, with the driver's option for what connects it. */
    private readonly open: (sockets: Pick<Sockets, 'socket'>) => Sql,
    private readonly patience: number,
    private readonly address: Pick<Address, 'host' | 'tls'> = {},
  ) {
    this.sockets = new Sockets(patience, address)
    this.pool = open(this.sockets)
    this.timer.unref()
    this.sql = new Proxy(this.pool, {
      apply: (_, self, words: unknown[]) => Reflect.apply(this.use(), self, words),
      get: (_, name) => Reflect.get(this.use(), name),
    })
  }

  private use(): Sql {
    this.used = true
    return this.pool
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    await this.pool.end({ timeout: 5 })
    this.sockets.destroy()
  }

  private async check(): Promise<void> {
    if (!this.used || this.asking) return
    this.asking = true
    this.used = false
    const { pool, sockets } = this
    const given = new AbortController()
    const answered = await Promise.race([
      // An error is an answer: whoever gave it is there, or the driver knows that nobody is.
      pool`select 1`.then(
        () => true,
        () => true,
      ),
      delay(this.patience, false, { signal: given.signal, ref: false }).catch(() => true),
    ])
    given.abort()
    if (!answered) {
      this.sockets = new Sockets(this.patience, this.address)
      this.pool = this.open(this.sockets)
      const ended = pool.end({ timeout: 0 })
      sockets.destroy()
      await ended
    }
    this.asking = false
  }
}
