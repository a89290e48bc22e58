import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { Pool } from 'undici'
import type { Backend, Onward, OnwardAnswer } from './backend.ts'

type Upstream = {
  origin: string
  pool: Pool
  failures: number
  ejectedUntil: number
  ejections: number
}

/** As Envoy and Google's SRE book have it: five failures in a row eject; retries are a tenth of requests at most. */
const failuresToEject = 5
const connections = 64
const firstEjectionMs = 500
const longestEjectionMs = 5000
const retryShare = 0.1
/** All that is under way at an address when it dies may be tried again elsewhere. */
const retryReserve = connections

/** A pool of a service's addresses that can be closed. */
export type RemoteBackend = Required<Backend> & {
  close(): Promise<void>
  /** Addresses that are left out at the moment. */
  ejected(): string[]
}

/**
 * A service that runs elsewhere, balanced over its addresses in turn. An address that fails five times in a row is
 * left out for half a second, then longer each time; the next request after that tries it again. A request that may be
 * repeated (GET, HEAD, or with an Idempotency-Key) and that failed before it was answered is tried once more elsewhere,
 * as long as retries stay a tenth of all requests.
 * @param headers sent with every request
 */
export function remoteBackend(
  urls: readonly string[],
  headers: Record<string, string> = {},
): RemoteBackend {
  if (urls.length === 0) throw new Error('A service that runs elsewhere needs at least one URL.')
  const upstreams: Upstream[] = urls.map((url) => ({
    origin: new URL(url).origin,
    pool: new Pool(new URL(url).origin, {
      connections,
      pipelining: 1,
      connectTimeout: 1000,
      headersTimeout: 180_000,
      bodyTimeout: 30_000,
      keepAliveTimeout: 4000,
    }),
    failures: 0,
    ejectedUntil: 0,
    ejections: 0,
  }))
  let turn = 0
  let retries = retryReserve

  /** The next address in turn that is not left out; when all are, the one whose time ends first. */
  function choose(except?: Upstream): Upstream {
    const now = performance.now()
    const candidates = upstreams.filter((upstream) => upstream !== except)
    const pool = candidates.length > 0 ? candidates : upstreams
    const fit = pool.filter((upstream) => upstream.ejectedUntil <= now)
    const chosen =
      fit[turn++ % Math.max(fit.length, 1)] ??
      pool.reduce((best, upstream) => (upstream.ejectedUntil < best.ejectedUntil ? upstream : best))
    return chosen
  }

  function note(upstream: Upstream, failed: boolean): void {
    if (!failed) {
      upstream.failures = 0
      upstream.ejections = 0
      return
    }
    if (++upstream.failures < failuresToEject) return
    upstream.failures = failuresToEject - 1
    const pause = Math.min(firstEjectionMs * 2 ** upstream.ejections++, longestEjectionMs)
    upstream.ejectedUntil = performance.now() + pause
  }

  async function attempt(upstream: Upstream, request: Onward): Promise<OnwardAnswer> {
    try {
      const {
        statusCode,
        headers: given,
        body,
      } = await upstream.pool.request({
        path: request.path,
        method: request.method,
        headers: { ...request.headers, ...headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.signal ? { signal: request.signal } : {}),
      })
      note(upstream, statusCode >= 502)
      return { status: statusCode, headers: given, body }
    } catch (error) {
      note(upstream, true)
      throw error
    }
  }

  async function pass(request: Onward): Promise<OnwardAnswer> {
    retries = Math.min(retries + retryShare, retryReserve)
    const first = choose()
    try {
      return await attempt(first, request)
    } catch (error) {
      if (!mayRepeat(request) || request.signal?.aborted || retries < 1) throw error
      retries -= 1
      return await attempt(choose(first), request)
    }
  }

  return {
    pass,
    async fetch(path, init = {}) {
      const { method = 'GET', body, signal } = init
      const answer = await pass({
        path,
        method,
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(body === undefined || body === null ? {} : { body: sendable(body) }),
        ...(signal ? { signal } : {}),
      })
      return await toResponse(answer, method)
    },
    ejected: () =>
      upstreams
        .filter((upstream) => upstream.ejectedUntil > performance.now())
        .map(({ origin }) => origin),
    async close() {
      await Promise.all(upstreams.map((upstream) => upstream.pool.destroy()))
    },
  }
}

function mayRepeat({ method, headers, body }: Onward): boolean {
  if (body instanceof Readable) return false
  return method === 'GET' || method === 'HEAD' || headers['idempotency-key'] !== undefined
}

async function toResponse(answer: OnwardAnswer, method: string): Promise<Response> {
  const { status, body } = answer
  const headers = new Headers()
  for (const [name, value] of Object.entries(endToEnd(answer.headers))) {
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  if (!hasBody(status, method)) {
    await body.dump()
    return new Response(null, { status, headers })
  }
  return new Response(new ReadableStream(fromReadable(body)), { status, headers })
}

/** Whether an answer has a body (RFC 9110, 6.4.1). */
export const hasBody = (status: number, method: string): boolean =>
  status !== 204 && status !== 304 && method !== 'HEAD'

/** An answer's headers without those that end at each hop. */
export function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !hopByHop.has(name)) kept[name] = value
  }
  return kept
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer'])

function sendable(body: unknown): string | Buffer | Readable {
  if (body instanceof ReadableStream) return Readable.from(chunks(body))
  if (typeof body === 'string' || body instanceof Readable) return body
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (body instanceof ArrayBuffer) return Buffer.from(body)
  throw new TypeError('Only text, bytes and streams are sent to other services.')
}

async function* chunks(stream: ReadableStream): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** A web stream over a Node one that is cancelled with it, so that an oversized body is not read to its end. */
function fromReadable(body: Readable): UnderlyingDefaultSource<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  return {
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel() {
      body.destroy()
    },
  }
}
