import { createHash, randomUUID } from 'node:crypto'
import type { SharedEntry, SharedRead, SharedTier } from '../tiered-cache.ts'
import { type Connection, RedisLink, within } from './link.ts'
import { invalidateScript, readScript, writeScript } from './scripts.ts'

/** What Redis did: `hits` of the reads, `refused` writes; `untold` tags wait for it to come back. */
export type RedisStats = {
  up: boolean
  /** Whether reads rest, because answers came late. */
  open: boolean
  reads: number
  hits: number
  writes: number
  invalidations: number
  errors: number
  untold: number
}

/** All that a request ever waits for Redis. */
const budgetMs = 50
/** An invalidation may take longer, since nobody waits for it; then it counts as not told. */
const tellMs = 2000
/** No entry lives longer, and with it no copy that an evicted set of keys could not name any more. */
const longestMs = 600_000
const largestText = 512 * 1024
/** Bytes on their way to Redis at most; what comes beyond is not kept there. */
const mostUnderWay = 8 * 1024 * 1024
const mostTags = 50_000
const mostUntold = 10_000
/** After a refused write, a full Redis is left alone for so long. */
const refusedMs = 1000

/**
 * Redis as the tier that processes share. Its time is the only clock: an entry carries the moment when its making
 * began, a tag that of its last invalidation, and both are compared where they lie.
 *
 * An invalidation that could not be told is told before anything is read again. Keys carry the server's run id: what
 * a restarted Redis has loaded from its disk may be older than what it was told since, and is never looked at.
 */
export class RedisTier implements SharedTier {
  private readonly link: RedisLink
  private readonly home: string
  private readonly channel: string
  private readonly self = randomUUID()
  private readonly untold = new Set<string>()
  private forgotten = false
  private underWay = 0
  private quietUntil = 0
  private readonly listeners = new Set<(message: string) => void>()
  private readonly counts = { reads: 0, hits: 0, writes: 0, invalidations: 0, errors: 0 }

  constructor(
    private readonly options: {
      url: string
      /** Keeps installations apart that share a Redis. */
      secret: string
      /** Keeps builds apart: what one has rendered, another must not send. */
      build: string
      onAway(error: unknown): void
    },
  ) {
    const installation = createHash('sha256').update(`colonnade cache ${options.secret}`)
    this.home = `colonnade:{${installation.digest('base64url').slice(0, 16)}}`
    this.channel = `${this.home}:changed`
    this.link = new RedisLink({
      url: options.url,
      budgetMs,
      channel: this.channel,
      onMessage: (message) => this.take(message),
      onAlive: (connection) => this.tellAll(connection),
      onAway: (error) => {
        this.counts.errors++
        options.onAway(error)
      },
    })
  }

  async read(key: string): Promise<SharedRead | undefined> {
    const connection = this.untold.size > 0 || this.forgotten ? undefined : this.link.ready
    if (!connection) return undefined
    this.counts.reads++
    try {
      const keys = [this.clock(connection), this.entry(connection, key)]
      const reply = await within(run(connection, readScript, keys, []), budgetMs)
      this.link.noteAnswer()
      const [moment, tags, text, maxAgeMs] = Array.isArray(reply) ? reply.map(String) : []
      if (moment === undefined) return undefined
      const ticket = `${connection.runId} ${moment}`
      if (tags === undefined || text === undefined) return { ticket }
      this.counts.hits++
      return { ticket, entry: { text, tags: tags.split('\n'), maxAgeMs: Number(maxAgeMs) } }
    } catch {
      this.counts.errors++
      this.link.noteFailure()
      return undefined
    }
  }

  write(key: string, { ticket, text, tags, maxAgeMs }: SharedEntry & { ticket: string }): void {
    const connection = this.link.ready
    const ms = Math.min(Math.floor(maxAgeMs), longestMs)
    const [runId, moment = ''] = ticket.split(' ')
    if (
      !connection ||
      connection.runId !== runId ||
      ms <= 0 ||
      tags.length === 0 ||
      performance.now() < this.quietUntil
    )
      return
    if (text.length > largestText || this.underWay > mostUnderWay) return
    const keys = [
      this.clock(connection),
      this.entry(connection, key),
      ...tags.map((tag) => this.entriesOf(connection, tag)),
    ]
    const args = [moment, tags.join('\n'), text, String(ms), String(longestMs)]
    this.counts.writes++
    this.underWay += text.length
    run(connection, writeScript, keys, args)
      .catch(() => {
        this.counts.errors++
        this.quietUntil = performance.now() + refusedMs
      })
      .finally(() => {
        this.underWay -= text.length
      })
  }

  /**
   * Ends what carries one of the tags, for every process, and removes it.
   * @param message what the others hear of it, unless there is nothing for them to do
   */
  invalidate(tags: readonly string[], message?: string): void {
    if (tags.length === 0) return
    this.counts.invalidations++
    const connection = this.link.ready
    if (!connection) this.remember(tags)
    else this.tell(connection, tags, message).catch(() => this.remember(tags))
  }

  /** Forgets everything that was begun so far, as a flush of this installation's entries would. */
  distrust(): void {
    const connection = this.link.ready
    if (!connection) this.forgotten = true
    else {
      connection.client.del(this.clock(connection)).catch(() => {
        this.forgotten = true
      })
    }
  }

  /** Hears what other processes said with an invalidation. */
  listen(listener: (message: string) => void): void {
    this.listeners.add(listener)
  }

  async close(): Promise<void> {
    await this.link.close()
  }

  get stats(): RedisStats {
    const { up, open } = this.link
    return { up, open, ...this.counts, untold: this.untold.size }
  }

  private async tell(
    connection: Connection,
    tags: readonly string[],
    message: string | undefined,
  ): Promise<void> {
    const keys = [this.clock(connection), ...tags.map((tag) => this.entriesOf(connection, tag))]
    const said = message === undefined ? '' : `${this.self} ${message}`
    const args = [this.channel, said, String(mostTags), ...tags]
    await within(run(connection, invalidateScript, keys, args), tellMs)
  }

  private remember(tags: readonly string[]): void {
    if (this.untold.size + tags.length > mostUntold) {
      this.forgotten = true
      this.untold.clear()
    } else for (const tag of tags) this.untold.add(tag)
  }

  /** Tells what could not be told; where that was too much, all that was begun so far is distrusted. */
  private async tellAll(connection: Connection): Promise<void> {
    if (this.forgotten) {
      await connection.client.del(this.clock(connection))
      this.forgotten = false
    }
    const tags = [...this.untold]
    this.untold.clear()
    for (let i = 0; i < tags.length; i += 500) {
      const some = tags.slice(i, i + 500)
      await this.tell(connection, some, undefined).catch((error: unknown) => {
        this.remember(tags.slice(i))
        throw error
      })
    }
  }

  private take(message: string): void {
    const gap = message.indexOf(' ')
    if (message.slice(0, gap) === this.self) return
    for (const listener of this.listeners) listener(message.slice(gap + 1))
  }

  private readonly inRun = ({ runId }: Connection) => `${this.home}:${runId.slice(0, 12)}`
  private readonly clock = (connection: Connection) => `${this.inRun(connection)}:clock`
  private readonly entriesOf = (connection: Connection, tag: string) =>
    `${this.inRun(connection)}:tag:${tag}`
  private readonly entry = (connection: Connection, key: string) =>
    `${this.inRun(connection)}:${this.options.build}:${key}`
}

/** Scripts are sent whole: one that the server has forgotten would be sent again later, out of order. */
async function run(
  { client }: Connection,
  script: string,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  return await client.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args])
}
