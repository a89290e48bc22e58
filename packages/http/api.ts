import { Hono } from 'hono'
import { type ZodType, z } from 'zod'
import { jsonBody } from './body.ts'
import { openApiOperation } from './openapi.ts'
import type { People } from './person.ts'
import { Problem, problem } from './problem.ts'
import type { Scope } from './scope.ts'
import { isOperator } from './token.ts'

export type Method = 'get' | 'post' | 'put' | 'delete'

/** One documented answer: what it means and the shape of its body, if it has one. */
export type Answer = { description: string; body?: ZodType }

export type EndpointSpec<Params extends ZodType, Query extends ZodType, Body extends ZodType> = {
  method: Method
  /** Hono path, e.g. `/api/instructors/:id`. */
  path: string
  /** Unique name, e.g. `findInstructor`. */
  operation: string
  summary: string
  description?: string
  tag: string
  /** Only with the operator's token. */
  operator?: boolean
  /** With `operator`: or with an API token of somebody that has this scope. */
  scope?: Scope
  /** An impossible parameter names nothing: 404. */
  params?: Params
  query?: Query
  body?: Body
  /** Bytes of the body at most; 256 KiB unless told. */
  limit?: number
  /** A body that is not JSON (an image): its media types, documented; the handler reads it. */
  rawBody?: readonly string[]
  /** Request headers worth documenting, by name. */
  headers?: Record<string, { description: string; required?: boolean }>
  answers: Record<number, Answer>
  /** Problems beyond those that follow from the rest (401, 404, 413, 415, 422). */
  problems?: readonly number[]
}

export type Call<Params, Query, Body> = {
  request: Request
  params: Params
  query: Query
  body: Body
  /** Who asks, where that was checked, such as `operator`: part of what an `Idempotency-Key` is unique in. */
  by: string
}

type Endpoint = EndpointSpec<ZodType, ZodType, ZodType>

/** A service's REST interface: endpoints that document and check themselves. */
export class Api {
  readonly app = new Hono()
  private readonly endpoints: Endpoint[] = []

  /** @param people tells whose API token a request comes with; needed where an endpoint has a scope */
  constructor(
    private readonly operatorToken: string,
    private readonly people?: People,
  ) {
    this.app.onError((error) => answerError(error))
    this.app.notFound((c) => this.answerNotFound(c.req.method, c.req.path))
  }

  /**
   * Adds an endpoint. Before the handler runs: the token (401, 403), the path (404), the query (422), the body's type
   * (415), size (413), syntax (400) and fields (422). A `Problem` thrown is answered as such.
   */
  endpoint<
    Params extends ZodType = typeof nothing,
    Query extends ZodType = typeof nothing,
    Body extends ZodType = typeof nothing,
  >(
    spec: EndpointSpec<Params, Query, Body>,
    handle: (
      call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
    ) => Response | Promise<Response>,
  ): this {
    this.endpoints.push(spec)
    this.app.on(spec.method.toUpperCase(), spec.path, async (c) => {
      const by = spec.operator ? await this.permit(c.req.raw, spec.scope) : 'anybody'
      const params = await check<Params>(spec.params, c.req.param(), 404)
      const query = await check<Query>(spec.query, c.req.query(), 422)
      const given = spec.body ? await jsonBody(c.req.raw, spec.limit ?? 256 * 1024) : undefined
      const body = await check<Body>(spec.body, given, 422)
      return handle({ request: c.req.raw, params, query, body, by })
    })
    return this
  }

  /** This service's part of the OpenAPI 3.1 document: its paths and its tags. */
  openApi(): { paths: Record<string, Record<string, unknown>> } {
    const paths: Record<string, Record<string, unknown>> = {}
    for (const endpoint of this.endpoints) {
      const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [endpoint.method]: openApiOperation(endpoint) }
    }
    return { paths }
  }

  /** @returns who it is that may */
  private async permit(request: Request, scope: Scope | undefined): Promise<string> {
    if (isOperator(request.headers.get('authorization'), this.operatorToken)) return 'operator'
    if (!scope || !this.people) {
      throw new Problem(401, 'Send the operator’s token: Authorization: Bearer …')
    }
    const { id } = await this.people.may(request, scope, 'token')
    return `person ${id}`
  }

  private answerNotFound(method: string, path: string): Response {
    const allowed = (['GET', 'POST', 'PUT', 'DELETE'] as const).filter(
      (other) => other !== method && this.app.router.match(other, path)[0].length > 0,
    )
    if (allowed.length === 0) return problem(404, 'No such thing: check the address.')
    return problem(405, `Allowed here: ${allowed.join(', ')}.`, {
      headers: { Allow: allowed.join(', ') },
    })
  }
}

/** What stands where an endpoint declares no parameters or no body: the handler gets nothing to read. */
const nothing = z.unknown()

/** @throws Problem `status` when the value is not as declared; with no schema declared, nothing is checked */
async function check<Schema extends ZodType>(
  schema: Schema | undefined,
  value: unknown,
  status: 404 | 422,
): Promise<z.output<Schema>>
async function check(
  schema: ZodType | undefined,
  value: unknown,
  status: 404 | 422,
): Promise<unknown> {
  const result = await (schema ?? nothing).safeParseAsync(value)
  if (result.success) return result.data
  if (status === 404) throw new Problem(404, 'No such thing: check the address.')
  throw new Problem(
    422,
    'Correct the fields named below and send it again.',
    fieldErrors(result.error),
  )
}

function fieldErrors(error: z.ZodError) {
  return error.issues.flatMap((issue) => {
    const path = `/${issue.path.map(String).join('/')}`
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({
      path: path === '/' ? `/${key}` : `${path}/${key}`,
      message: 'is not a field here',
    }))
  })
}

/** Errors of Postgres and of the network that mean "not now": the answer is 503, not 500. */
const away = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOSPC',
  'EDQUOT',
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '55P03',
  '53300',
  '53100',
  '40P01',
])

const codeOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** Whether an error says that the database or a peer is away, not that we are wrong. */
export function isAway(error: unknown): boolean {
  return away.has(codeOf(error)) || (error instanceof Error && error.name === 'TimeoutError')
}

/** Answers what a handler threw: a problem as it says, an absence as 503, anything else as 500 and a log line. */
export function answerError(
  error: unknown,
  log?: { error(data: object, message: string): void },
): Response {
  if (error instanceof Problem) return error.toResponse()
  if (isAway(error)) return problem(503, 'What this needs does not answer. Try again in a moment.')
  const requestId = crypto.randomUUID()
  const report = log ?? console
  report.error({ err: error, requestId }, 'request failed')
  return problem(500, 'Tell the operator the request id.', { requestId })
}
