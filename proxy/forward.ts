import {
  type Backend,
  cacheHeaders,
  isAway,
  problem,
  type RunningService,
  readTags,
} from '@colonnade/http'
import { notForwarded } from './onward-headers.ts'

/** How long a service may take until its answer begins; its own limits are shorter. */
const answerMs = 15_000
/** And where the service declares that it may take long. */
const patientMs = 180_000

/** How long a service is waited for, in milliseconds. */
export const patienceOf = (patient: boolean): number => (patient ? patientMs : answerMs)

/**
 * Sends a request on to the service that owns its path, piece by piece where it is large; a service that is away is 503,
 * with Retry-After. What is whole is passed on by `passOn`.
 */
export async function forward(
  backend: Backend,
  request: Request,
  requestId: string,
  patient: boolean,
): Promise<Response> {
  const url = new URL(request.url)
  const headers = new Headers(request.headers)
  for (const name of notForwarded) headers.delete(name)
  headers.set('X-Request-Id', requestId)
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new DOMException('too late', 'TimeoutError')),
    patienceOf(patient),
  )
  try {
    const init: RequestInit & { duplex?: 'half' } = {
      method: request.method,
      headers,
      signal: late.signal,
      ...(hasBody ? { body: await smallBody(request), duplex: 'half' } : {}),
    }
    const answer = await Promise.race([
      backend.fetch(url.pathname + url.search, init),
      aborted(late.signal),
    ])
    return named(new Response(answer.body, answer), requestId)
  } catch (error) {
    return awayProblem(error, requestId)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Hands a request to a service in this process as it is: copying it and its answer would take a third of the time that
 * a write takes. Headers that end at each hop need no care: this is the last.
 */
export async function hand(
  service: Pick<RunningService, 'app'>,
  request: Request,
  requestId: string,
  patient: boolean,
): Promise<Response> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DOMException('too late', 'TimeoutError')),
      patienceOf(patient),
    )
  })
  try {
    return named(await Promise.race([service.app.fetch(request), late]), requestId)
  } catch (error) {
    return awayProblem(error, requestId)
  } finally {
    clearTimeout(timer)
  }
}

function named(response: Response, requestId: string): Response {
  try {
    response.headers.set('X-Request-Id', requestId)
  } catch {
    // What a service fetched elsewhere and passes on cannot be written to.
    return named(new Response(response.body, response), requestId)
  }
  if (!response.headers.has('X-Content-Type-Options')) {
    response.headers.set('X-Content-Type-Options', 'nosniff')
  }
  return response
}

/** Takes off what a service says to the proxy alone. @returns the tags that a write has changed */
export function takeTags(headers: Headers): string[] {
  const changed = readTags(headers.get(cacheHeaders.changed))
  headers.delete(cacheHeaders.tags)
  headers.delete(cacheHeaders.changed)
  return changed
}

function awayProblem(error: unknown, requestId: string): Response {
  const status = isAway(error) || error instanceof Error ? 503 : 500
  return problem(status, 'The service that answers this is away. Try again in a moment.', {
    requestId,
  })
}

/** Small bodies are read whole, so that a request with an Idempotency-Key can be tried again elsewhere. */
async function smallBody(request: Request): Promise<BodyInit | null> {
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  return length <= 64 * 1024 ? await request.arrayBuffer() : request.body
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
