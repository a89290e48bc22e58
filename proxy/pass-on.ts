import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import {
  type Backend,
  cacheHeaders,
  endToEnd,
  hasBody,
  type OnwardAnswer,
  readTags,
} from '@colonnade/http'
import { patienceOf } from './forward.ts'
import { onwardHeaders } from './onward-headers.ts'

/** An answer of known length up to this is sent whole, in one write with its headers. */
const smallAnswer = 64 * 1024

/** A request on its way to a service elsewhere, with a way there. */
export type Passed = {
  pass: NonNullable<Backend['pass']>
  requestId: string
  patient: boolean
  /** Headers (flat) of this answer alone. */
  more: readonly string[]
  /** Told what a write has changed, before its answer is sent. */
  changed(tags: readonly string[]): void
  onAway(): void
}

/**
 * Whether a request can be passed on as it came: its body is here already, or it has none. What is sent piece by piece
 * takes the longer way, through `forward`.
 */
export function isWhole(req: IncomingMessage): boolean {
  const { headers } = req
  const hasNone = headers['transfer-encoding'] === undefined && !Number(headers['content-length'])
  return hasNone || bodyOf(req) !== undefined
}

/**
 * Passes a request on to the service elsewhere that owns its path, and its answer back, on Node's own streams: made into
 * the web's Request and Response it would cost the proxy more than all the rest.
 */
export async function passOn(
  req: IncomingMessage,
  res: ServerResponse,
  { pass, requestId, patient, more, changed, onAway }: Passed,
): Promise<void> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), patienceOf(patient))
  const { method = 'GET', url: path = '/' } = req
  const body = bodyOf(req)
  try {
    const answer = await pass({
      method,
      path,
      headers: { ...onwardHeaders(req.headers), 'x-request-id': requestId },
      ...(body ? { body } : {}),
      signal: late.signal,
    })
    const headers = endToEnd(answer.headers)
    changed(readTags(single(headers[cacheHeaders.changed.toLowerCase()]) ?? null))
    delete headers[cacheHeaders.tags.toLowerCase()]
    delete headers[cacheHeaders.changed.toLowerCase()]
    headers['x-content-type-options'] ??= 'nosniff'
    headers['x-request-id'] = requestId
    for (let i = 0; i + 1 < more.length; i += 2) headers[more[i] ?? ''] = more[i + 1] ?? ''
    await send(res, method, answer, headers)
  } catch {
    if (res.headersSent) res.destroy()
    else onAway()
  } finally {
    clearTimeout(timer)
  }
}

async function send(
  res: ServerResponse,
  method: string,
  { status, body }: OnwardAnswer,
  headers: Record<string, string | string[]>,
): Promise<void> {
  if (!hasBody(status, method)) {
    await body.dump()
    res.writeHead(status, headers).end()
  } else if (Number(headers['content-length']) <= smallAnswer) {
    const whole = Buffer.from(await body.arrayBuffer())
    res.writeHead(status, headers).end(whole)
  } else {
    res.writeHead(status, headers)
    await pipeline(body, res)
  }
}

/** The body, where the door has read it. */
function bodyOf(req: IncomingMessage): Buffer | undefined {
  return 'rawBody' in req && Buffer.isBuffer(req.rawBody) ? req.rawBody : undefined
}

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
