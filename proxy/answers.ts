import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CacheStats, type Made, type SharedTier, TieredCache } from '@colonnade/cache'
import {
  type Backend,
  cacheHeaders,
  type FastAnswer,
  type RouteTree,
  type RunningService,
  readTags,
  type ServiceDefinition,
} from '@colonnade/http'
import { z } from 'zod'
import { keeperOf, type OwnedRoute } from './pages.ts'
import { readHeader } from './read-header.ts'
import { matches } from './rendered.ts'

/** An API answer ready to be sent, its headers as a flat list that ends with an empty place for the request's id. */
type Answer = {
  status: number
  headers: string[]
  body: Buffer
  etag: string | undefined
}

/** Events end an answer's freshness; this bounds what an event that never came could cost. */
const lifetimeMs = 60_000
/** As for every request that is passed on: the service's own limits are shorter. */
const answerMs = 15_000
const largestBody = 256 * 1024

const textSchema = z.object({ headers: z.array(z.string()), body: z.string() })

/** What ends at each hop, or is the proxy's own to say. */
const notKept = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'x-request-id',
  cacheHeaders.tags.toLowerCase(),
  cacheHeaders.changed.toLowerCase(),
])

/**
 * Answers of the API that many ask for, kept whole under their address: for the addresses that their service declares,
 * without a query, and never for who sends a token. Only 200 with tags is kept: an error must end when its cause does,
 * and a 404 has no tag that the making of what is missing would invalidate.
 */
export class Answers {
  private readonly cache: TieredCache<Answer>

  constructor(
    private readonly options: {
      routes: RouteTree<ServiceDefinition>
      backend(service: string): Backend
      local(service: string): RunningService | undefined
      /** What answers may weigh together. */
      cacheBytes: number
      shared?: SharedTier | undefined
    },
  ) {
    const { cacheBytes, shared } = options
    this.cache = new TieredCache({
      maxBytes: cacheBytes,
      weigh: ({ body }) => body.length + 1000,
      ...(shared ? { shared: { tier: shared, encode, decode } } : {}),
    })
  }

  /**
   * Answers a GET or HEAD with what is fresh here.
   * @param now `performance.now()`
   * @returns the route that was asked for, if it was answered
   */
  answerHere(
    req: IncomingMessage,
    res: ServerResponse,
    requestId: string,
    now: number,
  ): OwnedRoute | undefined {
    const path = req.url ?? '/'
    const entry = this.cache.get(path, now)
    if (!entry || entry.freshUntil <= now) return undefined
    if (readHeader(req, 'authorization') !== undefined) return undefined
    send(entry.value, req, res, requestId, [])
    return this.options.routes.find(path)
  }

  /** Whether a request asks for what is being made for others: it is no further work to wait for it too. */
  joins(req: IncomingMessage): boolean {
    return this.cache.isMaking(req.url ?? '/')
  }

  /**
   * Answers a GET or HEAD of an address that may be kept, by making the answer.
   * @param more headers (flat) of this answer alone
   * @param onAway answers when the service does not
   * @returns the route; undefined for an address that may not be kept
   */
  serve(
    req: IncomingMessage,
    res: ServerResponse,
    requestId: string,
    more: readonly string[],
    onAway: () => void,
  ): OwnedRoute | undefined {
    const path = req.url ?? '/'
    if (path.includes('?') || readHeader(req, 'authorization') !== undefined) return undefined
    const keeper = keeperOf(this.options.routes, path)
    if (!keeper) return undefined
    this.cache
      .obtain(path, () => this.ask(keeper.value.name, path))
      .then(({ value }) => send(value, req, res, requestId, more))
      .catch(onAway)
    return keeper
  }

  invalidate(tags: readonly string[]): void {
    this.cache.invalidate(tags)
  }

  purge(tags: readonly string[]): void {
    this.cache.purge(tags)
  }

  clear(): void {
    this.cache.clear()
  }

  get stats(): CacheStats {
    return this.cache.stats
  }

  private async ask(service: string, path: string): Promise<Made<Answer>> {
    const fast = this.options.local(service)?.fast?.(path, '')
    if (fast) return madeFast(await fast)
    const response = await this.options
      .backend(service)
      .fetch(path, { signal: AbortSignal.timeout(answerMs) })
    const headers = [...response.headers]
    const tags = readTags(response.headers.get(cacheHeaders.tags))
    return made(response.status, headers, Buffer.from(await response.arrayBuffer()), tags)
  }
}

const madeFast = ({ status, headers, body, tags }: FastAnswer) =>
  made(status, Object.entries(headers), Buffer.from(body), tags ?? [])

function made(
  status: number,
  given: readonly [string, string][],
  body: Buffer,
  tags: readonly string[],
): Made<Answer> {
  const headers = given.filter(([name]) => !notKept.has(name.toLowerCase())).flat()
  headers.push(
    ...['Content-Length', String(body.length), 'X-Content-Type-Options', 'nosniff'],
    ...['X-Request-Id', ''],
  )
  return {
    value: { status, headers, body, etag: etagIn(headers) },
    tags,
    maxAgeMs: lifetimeMs,
    keep: status === 200 && tags.length > 0 && body.length <= largestBody,
  }
}

function send(
  answer: Answer,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
  more: readonly string[],
): void {
  const { status, headers, body, etag } = answer
  const known = etag && readHeader(req, 'if-none-match')
  if (status === 200 && known && matches(known, etag)) {
    res.writeHead(304, ['ETag', etag, 'Cache-Control', 'no-cache', 'X-Request-Id', requestId])
    res.end()
    return
  }
  // Written out before anybody else can fill the place.
  headers[headers.length - 1] = requestId
  res.writeHead(status, more.length > 0 ? [...headers, ...more] : headers)
  res.end(req.method === 'HEAD' ? undefined : body)
}

function etagIn(headers: readonly string[]): string | undefined {
  const place = headers.findIndex((one, i) => i % 2 === 0 && one.toLowerCase() === 'etag')
  return place < 0 ? undefined : headers[place + 1]
}

/** Only what is 200 is kept, and its body is text. */
const encode = ({ headers, body }: Answer): string =>
  JSON.stringify({ headers, body: body.toString() })

function decode(text: string): Answer {
  const { headers, body } = textSchema.parse(JSON.parse(text))
  return { status: 200, headers, body: Buffer.from(body), etag: etagIn(headers) }
}
