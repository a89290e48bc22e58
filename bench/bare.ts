// The peers, each in a process of its own: the least that node:http can do for the same answer.
import { Agent, createServer, type RequestListener, request } from 'node:http'
// The peers wait while ours is asked, and would become slower by it, now and then.
import '@colonnade/http/kept-tick'
import { connectTo } from '@colonnade/db'

export type BareAnswer = { status: number; headers: string[]; body: Uint8Array }
export type BarePlan =
  | ({ kind: 'page' } & BareAnswer)
  /** Answers by path. */
  | { kind: 'pages'; answers: Map<string, BareAnswer> }
  | { kind: 'query'; database: string; statement: string; connections: number }
  /** Files by path; what is under /api/ is asked of another server, so that the browser sees one origin. */
  | { kind: 'site'; files: Map<string, BareAnswer>; api: { host: string; port: number } }

process.once('message', (plan: BarePlan) => {
  const server = createServer(listenerOf(plan))
  server.keepAliveTimeout = 65_000
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
    const address = server.address()
    if (typeof address === 'object' && address) process.send?.(address.port)
  })
})
process.on('disconnect', () => process.exit())

function listenerOf(plan: BarePlan): RequestListener {
  switch (plan.kind) {
    case 'page':
      return fromMemory(plan)
    case 'pages':
      return byPath(plan.answers)
    case 'query':
      return fromDatabase(plan)
    case 'site':
      return site(plan)
  }
}

function fromMemory(answer: BareAnswer): RequestListener {
  const body = Buffer.from(answer.body)
  return (_, res) => {
    res.writeHead(answer.status, answer.headers)
    res.end(body)
  }
}

function byPath(answers: Map<string, BareAnswer>): RequestListener {
  const listeners = new Map([...answers].map(([path, answer]) => [path, fromMemory(answer)]))
  return (req, res) => {
    const listener = listeners.get(req.url ?? '')
    if (listener) listener(req, res)
    else res.writeHead(404).end()
  }
}

function site({ files, api }: BarePlan & { kind: 'site' }): RequestListener {
  const fromFiles = byPath(files)
  const agent = new Agent({ keepAlive: true })
  return (req, res) => {
    if (!req.url?.startsWith('/api/')) {
      fromFiles(req, res)
      return
    }
    const asked = request({ ...api, agent, path: req.url, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    asked.on('error', () => res.writeHead(502).end())
    asked.end()
  }
}

/** The number in the path is the statement's one parameter; its one value is the answer. */
function fromDatabase(plan: BarePlan & { kind: 'query' }): RequestListener {
  const sql = connectTo(plan.database, {
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
