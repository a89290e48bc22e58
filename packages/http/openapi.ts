import { type ZodType, z } from 'zod'
import type { Answer, EndpointSpec } from './api.ts'

type Json = Record<string, unknown>

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is, which zod writes. */
function schemaOf(schema: ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    unrepresentable: 'any',
    io,
  })
  return json
}

const problems: Record<number, string> = {
  400: 'The body could not be read.',
  401: 'A token is missing, or is none.',
  403: 'The token lacks the scope, or its owner the role.',
  404: 'There is no such thing.',
  409: 'It conflicts with what is there.',
  412: 'It changed since it was read.',
  413: 'The body is too large.',
  415: 'The content type is not accepted.',
  422: 'Fields are not right; each is named.',
  428: 'An If-Match header is needed.',
  429: 'Too many requests from this address or with this token; try again after Retry-After.',
  503: 'What it needs is away, or there is too much to do; try again after Retry-After.',
}

const retryAfter = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
}

function problemAnswer(status: number): Json {
  return {
    description: problems[status] ?? 'An error.',
    ...(status === 429 || status === 503 ? { headers: retryAfter } : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

function bodyAnswer(answer: Answer): Json {
  if (!answer.body) return { description: answer.description }
  return {
    description: answer.description,
    content: { 'application/json': { schema: schemaOf(answer.body, 'output') } },
  }
}

function parameters(place: 'path' | 'query', schema: ZodType | undefined): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: property,
  }))
}

/** One endpoint as an OpenAPI operation, with every problem that its checks can answer. */
export function openApiOperation(spec: EndpointSpec<ZodType, ZodType, ZodType>): Json {
  // The gate in front of every endpoint may say these.
  const implied = new Set<number>([429, 503, ...(spec.problems ?? [])])
  if (spec.operator) implied.add(401)
  if (spec.scope) implied.add(403)
  if (spec.params) implied.add(404)
  if (spec.query) implied.add(422)
  if (spec.body) for (const status of [400, 413, 415, 422]) implied.add(status)
  if (spec.rawBody) for (const status of [413, 415]) implied.add(status)
  const responses: Json = {}
  for (const [status, answer] of Object.entries(spec.answers))
    responses[status] = bodyAnswer(answer)
  for (const status of [...implied].sort()) responses[status] = problemAnswer(status)
  const content: Json = {}
  if (spec.body) content['application/json'] = { schema: schemaOf(spec.body, 'input') }
  for (const type of spec.rawBody ?? [])
    content[type] = { schema: { type: 'string', format: 'binary' } }
  const headers = Object.entries(spec.headers ?? {}).map(([name, header]) => ({
    name,
    in: 'header',
    required: header.required ?? false,
    description: header.description,
    schema: { type: 'string' },
  }))
  return {
    operationId: spec.operation,
    summary: spec.summary,
    description: spec.description ?? spec.summary,
    tags: [spec.tag],
    security: [
      ...(spec.operator ? [{ operator: [] }] : []),
      ...(spec.scope ? [{ token: [] }] : []),
    ],
    // OpenAPI has places for scopes with OAuth alone.
    ...(spec.scope ? { 'x-scope': spec.scope.name, 'x-role': spec.scope.role } : {}),
    parameters: [
      ...parameters('path', spec.params),
      ...parameters('query', spec.query),
      ...headers,
    ],
    ...(Object.keys(content).length > 0 ? { requestBody: { required: true, content } } : {}),
    responses,
  }
}
