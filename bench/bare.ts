// The peers, each in a process of its own: the least that node:http can do for the same answer.
import { createServer, type RequestListener } from 'node:http'
import postgres from 'postgres'

export type BarePlan =
  | { kind: 'page'; status: number; headers: string[]; body: Uint8Array }
  | { kind: 'query'; database: string; statement: string; connections: number }

process.once('message', (plan: BarePlan) => {
  const server = createServer(plan.kind === 'page' ? fromMemory(plan) : fromDatabase(plan))
  server.keepAliveTimeout = 65_000
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
    const address = server.address()
    if (typeof address === 'object' && address) process.send?.(address.port)
  })
})
process.on('disconnect', () => process.exit())

function fromMemory(plan: BarePlan & { kind: 'page' }): RequestListener {
  const body = Buffer.from(plan.body)
  return (_, res) => {
    res.writeHead(plan.status, plan.headers)
    res.end(body)
  }
}

/** The number in the path is the statement's one parameter; its one value is the answer. */
function fromDatabase(plan: BarePlan & { kind: 'query' }): RequestListener {
  const sql = postgres(plan.database, {
    max: plan.connections,
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
  })
  return async (req, res) => {
    const id = Number(/\d+/.exec(req.url ?? '')?.[0])
    try {
      const [row] = await sql.unsafe(plan.statement, [id], { prepare: true })
      const text = String(Object.values(row ?? {})[0])
      const headers = {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(text),
      }
      res.writeHead(200, headers)
      res.end(text)
    } catch (error) {
      res.writeHead(500).end(String(error))
    }
  }
}
