import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Tracer,
  trace,
} from '@opentelemetry/api'

/** There only while traces are wanted: without it every function here is a plain call of what it was given. */
let tracer: Tracer | undefined

export function traceWith(given: Tracer | undefined): void {
  tracer = given
}

export const isTracing = (): boolean => tracer !== undefined

/** Whether what is being done now belongs to a trace; what belongs to none has no spans, so that idle polls are silent. */
const insideSpan = () => trace.getSpan(context.active()) !== undefined

/** A step of a request under way, as a span named `name` around `step`. */
export async function spanned<T>(
  name: string,
  attributes: Attributes,
  step: () => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  if (!tracer || !insideSpan()) return await step()
  return await within(tracer.startSpan(name, { attributes, kind }), context.active(), step)
}

/** Notes something about the step under way. */
export function noteSpan(attributes: Attributes): void {
  if (tracer) trace.getActiveSpan()?.setAttributes(attributes)
}

/** Names the request under way by its route, once that is known. */
export function nameRequest(route: string): void {
  if (!tracer) return
  const span = trace.getActiveSpan()
  span?.setAttribute('http.route', route)
  span?.updateName(route)
}

/** Keeps what `run` is part of, for when something else calls it later. */
export function bound<T>(run: () => T): () => T {
  return tracer ? context.bind(context.active(), run) : run
}

/** What goes on after the request that began it, such as telling others, is no part of its trace. */
export function detached<T>(run: () => T): T {
  return tracer ? context.with(ROOT_CONTEXT, run) : run()
}

/** A request at the door, from its arrival to the end of its answer; it goes on with the caller's trace. */
export function serving(req: IncomingMessage, res: ServerResponse, answer: () => void): void {
  if (!tracer) {
    answer()
    return
  }
  const url = req.url ?? '/'
  const mark = url.indexOf('?')
  const method = req.method ?? 'GET'
  const path = mark < 0 ? url : url.slice(0, mark)
  const parent = propagation.extract(ROOT_CONTEXT, req.headers)
  const span = tracer.startSpan(
    method,
    { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'url.path': path } },
    parent,
  )
  res.once('close', () => {
    // A reader who left before the answer began got none.
    noteStatus(span, res.headersSent ? res.statusCode : 499)
    span.end()
  })
  context.with(trace.setSpan(parent, span), answer)
}

/** A request to a service: part of the trace under way in this process, else of the one its caller's headers name. */
export async function servingRequest(
  name: string,
  request: Request,
  answer: () => Promise<Response>,
): Promise<Response> {
  if (!tracer) return await answer()
  const inside = insideSpan()
  const parent = inside
    ? context.active()
    : propagation.extract(ROOT_CONTEXT, request.headers, fromHeaders)
  const span = tracer.startSpan(
    name,
    {
      kind: inside ? SpanKind.INTERNAL : SpanKind.SERVER,
      attributes: {
        'http.request.method': request.method,
        'url.path': new URL(request.url).pathname,
      },
    },
    parent,
  )
  return await within(span, parent, async () => noted(span, await answer()))
}

/**
 * A request to another service, told which trace it belongs to.
 * @param send gets `init` with the `traceparent` header added
 */
export async function asking(
  service: string,
  path: string,
  init: RequestInit | undefined,
  send: (init: RequestInit | undefined) => Promise<Response>,
): Promise<Response> {
  if (!tracer || !insideSpan()) return await send(init)
  const method = init?.method ?? 'GET'
  const mark = path.indexOf('?')
  const attributes = {
    'http.request.method': method,
    'url.path': mark < 0 ? path : path.slice(0, mark),
    'peer.service': service,
  }
  const span = tracer.startSpan(`${method} ${service}`, { kind: SpanKind.CLIENT, attributes })
  return await within(span, context.active(), async () => {
    const headers = new Headers(init?.headers)
    propagation.inject(context.active(), headers, {
      set: (into, key, value) => into.set(key, value),
    })
    return noted(span, await send({ ...init, headers }))
  })
}

async function within<T>(span: Span, parent: Context, step: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(parent, span), step)
  } catch (error) {
    // The message may quote what a person sent; what kind of error it is suffices.
    span.setAttribute('error.type', kindOf(error))
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}

function noted(span: Span, response: Response): Response {
  noteStatus(span, response.status)
  return response
}

function noteStatus(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status)
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error ? String(error.code) : error.name
}

const fromHeaders: TextMapGetter<Headers> = {
  keys: (headers) => [...headers.keys()],
  get: (headers, key) => headers.get(key) ?? undefined,
}
