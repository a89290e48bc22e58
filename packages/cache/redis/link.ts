import { setTimeout as delay } from 'node:timers/promises'
import type { createClient } from '@redis/client'

type Client = ReturnType<typeof createClient>

/** A connection that is ready; `runId` is another after each start of the server. */
export type Connection = { client: Client; runId: string }

const openMs = 2000
const beatMs = 500
/** A server that has not answered for so long is left, and looked for again. */
const deadMs = 3000
const firstPauseMs = 100
const longestPauseMs = 2000
/** So many late answers in a row rest the connection until a heartbeat is answered in time. */
const lateToRest = 3
/** Commands under way at most; what comes beyond is refused at once. */
const queue = 2000

/**
 * Keeps one connection to Redis. The client's own ways of connecting again are not used: they queue what cannot be
 * sent, and wait without end for a server that takes a connection and never says a word.
 */
export class RedisLink {
  private connection: Connection | undefined
  private late = 0
  private resting = false
  private closed = false
  private drop: (error: unknown) => void = () => {}
  private readonly running: Promise<void>

  constructor(
    private readonly options: {
      url: string
      /** An answer later than this counts as none. */
      budgetMs: number
      channel: string
      onMessage(message: string): void
      /** Called with a connection before anyone else may use it, and after each answered heartbeat. */
      onAlive(connection: Connection): Promise<void>
      /** Told once for each time it goes away. */
      onAway(error: unknown): void
    },
  ) {
    this.running = this.run()
  }

  /** The connection, unless it is away or rests. */
  get ready(): Connection | undefined {
    return this.resting ? undefined : this.connection
  }

  /** Whether there is a connection, resting or not. */
  get up(): boolean {
    return this.connection !== undefined
  }

  /** Whether reads rest because answers came late. */
  get open(): boolean {
    return this.resting
  }

  noteAnswer(): void {
    this.late = 0
  }

  noteFailure(): void {
    if (++this.late >= lateToRest) this.resting = true
  }

  async close(): Promise<void> {
    this.closed = true
    this.drop(new Error('closed'))
    await this.running
  }

  private async run(): Promise<void> {
    let pause = firstPauseMs
    let told = false
    while (!this.closed) {
      try {
        await this.hold(() => {
          pause = firstPauseMs
          told = false
        })
      } catch (error) {
        if (!this.closed && !told) this.options.onAway(error)
        told = true
      }
      if (this.closed) return
      const stop = new AbortController()
      this.drop = () => stop.abort()
      await delay(pause * (0.5 + Math.random()), undefined, { signal: stop.signal }).catch(() => {})
      pause = Math.min(pause * 2, longestPauseMs)
    }
  }

  /** Opens a connection and holds it until it breaks; rejects with what broke it. */
  private async hold(opened: () => void): Promise<never> {
    // Loaded only where there is a Redis: the client is larger than the rest of the cache.
    const { createClient } = await import('@redis/client')
    if (this.closed) throw new Error('closed')
    const client: Client = createClient({
      url: this.options.url,
      RESP: 3,
      disableOfflineQueue: true,
      commandsQueueMaxLength: queue,
      commandOptions: { timeout: 0 },
      socket: { connectTimeout: openMs, reconnectStrategy: false },
    })
    let beating: NodeJS.Timeout | undefined
    const broken = new Promise<never>((_, reject) => {
      this.drop = reject
      client.on('error', reject)
      client.on('end', () => reject(new Error('Redis closed the connection')))
    })
    broken.catch(() => {})
    try {
      const connection = await within(Promise.race([this.introduce(client), broken]), openMs)
      this.late = 0
      this.resting = false
      this.connection = connection
      opened()
      beating = this.beat(connection)
      return await broken
    } finally {
      this.connection = undefined
      clearInterval(beating)
      if (client.isOpen) client.destroy()
    }
  }

  private async introduce(client: Client): Promise<Connection> {
    await client.connect()
    const runId = /run_id:(\w+)/.exec(String(await client.info('server')))?.[1]
    if (!runId) throw new Error('Redis does not tell its run_id: allow INFO to this user.')
    await client.subscribe(this.options.channel, (message) => this.options.onMessage(message))
    const connection = { client, runId }
    await this.options.onAlive(connection)
    return connection
  }

  /** Finds out whether the server lives, so that no request has to. */
  private beat(connection: Connection): NodeJS.Timeout {
    let asked: number | undefined
    const ask = async (begun: number) => {
      await connection.client.ping()
      if (performance.now() - begun <= this.options.budgetMs) {
        this.late = 0
        this.resting = false
      }
      await this.options.onAlive(connection)
    }
    const timer = setInterval(() => {
      if (asked === undefined) {
        asked = performance.now()
        // An answer that says "not now", such as while it loads its data, is no answer in time.
        ask(asked)
          .catch(() => {})
          .finally(() => {
            asked = undefined
          })
      } else if (performance.now() - asked > deadMs) {
        this.drop(new Error(`Redis has not answered for ${deadMs} ms`))
      }
    }, beatMs)
    timer.unref()
    return timer
  }
}

/** Rejects when it takes longer than `ms`. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
