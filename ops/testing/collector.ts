import { once } from 'node:events'
import { createServer } from 'node:http'
import { z } from 'zod'

const value = z.object({ stringValue: z.string().optional(), intValue: z.number().optional() })
const attributes = z.array(z.object({ key: z.string(), value }))
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes,
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
})
const traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
})

/** A span as it came: from which process, and its attributes by name. */
export type Received = {
  process: string
  trace: string
  id: string
  parent: string | undefined
  name: string
  kind: 'internal' | 'server' | 'client'
  attributes: Record<string, string | number>
}

const kinds = ['internal', 'internal', 'server', 'client'] as const

/** Receives traces by OTLP over HTTP, as JSON, as a collector does; of what comes as protobuf it only notes the type. */
export async function openCollector() {
  const received: Received[] = []
  const types = new Set<string>()
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    const type = req.headers['content-type'] ?? ''
    types.add(`${req.method} ${req.url} ${type}`)
    if (type === 'application/json') {
      const { resourceSpans } = traces.parse(JSON.parse(Buffer.concat(parts).toString()))
      for (const { resource, scopeSpans } of resourceSpans) {
        const process = String(named(resource.attributes)['service.name'])
        const spans = scopeSpans.flatMap((scope) => scope.spans)
        received.push(...spans.map((one) => toReceived(process, one)))
      }
    }
    res.writeHead(200, { 'Content-Type': type })
    res.end(type === 'application/json' ? '{}' : undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    /** What was posted where, and of which media type. */
    types,
    trace: (id: string) => received.filter(({ trace }) => trace === id),
    close(): void {
      server.close()
      server.closeAllConnections()
    },
  }
}

function toReceived(process: string, one: z.output<typeof span>): Received {
  return {
    process,
    trace: one.traceId,
    id: one.spanId,
    parent: one.parentSpanId,
    name: one.name,
    kind: kinds[one.kind] ?? 'internal',
    attributes: named(one.attributes),
  }
}

function named(list: z.output<typeof attributes>): Record<string, string | number> {
  return Object.fromEntries(
    list.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']),
  )
}
