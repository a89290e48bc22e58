import type { Backend, ServiceDefinition, Trust } from '@colonnade/http'
import { z } from 'zod'
import type { Site } from './site.ts'

export type ApiDocument = { json(): Promise<object> }

type Part = { paths: Record<string, Record<string, unknown>> }

/**
 * The OpenAPI 3.1 document of the whole installation: each service tells its part. A part is kept, so that a service
 * that is away is still documented.
 */
export function describeApi(options: {
  services: readonly ServiceDefinition[]
  backend(service: string): Backend
  trust: Trust
  site: Site
}): ApiDocument {
  const parts = new Map<string, Part>()

  async function ask(service: string): Promise<void> {
    const response = await options.backend(service).fetch('/internal/openapi.json', {
      headers: { Authorization: await options.trust.header() },
      signal: AbortSignal.timeout(1000),
    })
    if (response.ok) parts.set(service, (await response.json()) as Part)
  }

  return {
    async json() {
      await Promise.allSettled(options.services.map((service) => ask(service.name)))
      const paths: Part['paths'] = Object.assign(
        {},
        // In the services' own order, whoever answered first.
        ...options.services.map(({ name }) => parts.get(name)?.paths),
      )
      return {
        openapi: '3.1.0',
        info: {
          title: `${options.site.name}: courses, instructors, reviews and images`,
          version: '1.0.0',
          description:
            'Reads are open to everyone. Writes need a bearer token: one of yours with the scope that the operation names, made at /account/tokens, or the operator’s. Errors are RFC 9457 problem documents.',
          contact: { name: options.site.name, url: options.site.url },
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/', description: 'This installation.' }],
        tags: tagsOf(paths),
        paths,
        components: {
          securitySchemes: {
            operator: { type: 'http', scheme: 'bearer', description: 'COLONNADE_API_TOKEN' },
            token: {
              type: 'http',
              scheme: 'bearer',
              bearerFormat: 'clnd_…',
              description:
                'An API token of a person, with the scope that an operation names (`x-scope`).',
            },
          },
          schemas: { Problem: problemSchema },
        },
      }
    },
  }
}

/** Every tag that an operation has, in alphabetical order. */
function tagsOf(paths: Part['paths']): { name: string; description: string }[] {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  const names = operations.flatMap(
    (operation) => z.object({ tags: z.array(z.string()) }).parse(operation).tags,
  )
  return [...new Set(names)].sort().map((name) => ({ name, description: `What is about ${name}.` }))
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem document.',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to do.' },
    requestId: { type: 'string', description: 'The log has it too.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}
