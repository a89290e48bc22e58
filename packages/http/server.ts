import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import './kept-tick.ts'
import { addListeners } from './listeners.ts'
import type { Admission, Work } from './overload/admission.ts'
import type { AddressOf } from './overload/client-address.ts'
import { withSmallBody } from './overload/small-body.ts'
import { problemText } from './problem.ts'

/** Answers a request itself and returns true, or leaves it to the next. */
export type Shortcut = (req: IncomingMessage, res: ServerResponse) => boolean

/** What stands behind a port, in the order in which it is asked. */
export type Door = {
  /** Answers from memory, before any router: what makes a cached page as fast as bare node:http. Never refused. */
  shortcut?: Shortcut
  /** What a request that needs work counts as; undefined for what is never refused: health, metrics, our own. */
  workOf?(req: IncomingMessage): Work | undefined
  /** Answers without the router. @param headers flat, belong into the answer */
  fast?(req: IncomingMessage, res: ServerResponse, headers: readonly string[]): boolean
  /** Answers what was refused with something better than a problem document. */
  refused?: Shortcut
  /** @param client the address of who asks, where the door is told how to find it */
  fetch(request: Request, client?: string): Response | Promise<Response>
}

/** How a server leaves those who still hold connections to it. */
export type Leave = {
  /** How long it tells every client, with its next answer, to go elsewhere, so that none finds its connection closed. */
  drainMs: number
  /** Another process has taken over the port, so `/readyz` goes on as it is; else it is 503 from now on. */
  replaced?: boolean
}

export type HttpServer = {
  url: string
  port: number
  /**
   * Leaves, then stops taking connections, and finishes what is in flight, at most `graceMs`. Where no client holds a
   * connection there is nobody to leave.
   */
  close(graceMs?: number, leave?: Leave): Promise<void>
  /** Closes every connection at once, as a crash would. */
  destroy(): void
}

/** Listens with limits that a slow or hostile client cannot stretch; `admission` guards the work behind the door. */
export async function listen(
  options: Door & {
    port: number
    host: string
    admission?: Admission
    /** For a server that many come to at once, with a port of its own: see {@link addListeners}. */
    crowded?: boolean
    /** Tells `fetch` who asks; the public door knows. */
    addressOf?: AddressOf
    /** Wraps the answering of each request, e.g. in a span. */
    around?(req: IncomingMessage, res: ServerResponse, answer: () => void): void
  },
): Promise<HttpServer> {
  const { shortcut = () => false, addressOf, admission, around, workOf } = options
  const slow = getRequestListener(
    (request, { incoming }) =>
      options.fetch(
        request,
        addressOf && incoming instanceof IncomingMessage ? addressOf(incoming) : undefined,
      ),
    { overrideGlobalObjects: false },
  )
  let leaving: Leave | undefined

  function work(req: IncomingMessage, res: ServerResponse, headers: readonly string[]): void {
    if (options.fast?.(req, res, headers)) return
    setHeaders(res, headers)
    void slow(req, res)
  }

  function admit(req: IncomingMessage, res: ServerResponse): void {
    const kind = workOf?.(req)
    if (!kind || !admission) {
      work(req, res, [])
      return
    }
    withSmallBody(req, () =>
      admission.enter(
        req,
        res,
        kind,
        (headers) => work(req, res, headers),
        (status, detail, headers) => {
          if (status === 503 && options.refused?.(req, res)) return
          admission.refuse(() => refuse(res, status, detail, headers))
        },
      ),
    )
  }

  const answer = (req: IncomingMessage, res: ServerResponse) => {
    if (!res.socket) {
      // Asked on a connection whose answer before is still on its way: one after the other, or a client that asks much and
      // reads slowly keeps all others waiting. Its turn is over with each answer.
      res.once('socket', () => setImmediate(answer, req, res))
      return
    }
    if (leaving) res.setHeader('Connection', 'close')
    if (leaving && !leaving.replaced && /^\/readyz(\?|$)/.test(req.url ?? '')) {
      refuse(res, 503, 'This process is leaving.', [])
      return
    }
    if (!shortcut(req, res)) admit(req, res)
  }
  const server: Server = createServer(
    {
      requestTimeout: 60_000,
      headersTimeout: 10_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      connectionsCheckingInterval: 5000,
    },
    around ? (req, res) => around(req, res, () => answer(req, res)) : answer,
  )
  server.on('clientError', answerClientError)
  const connections = new Connections(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, host: options.host, backlog: 2048 }, resolve)
  })
  const closeAdded = options.crowded ? addListeners(server) : async () => {}
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    port,
    url: `http://localhost:${port}`,
    async close(graceMs = 10_000, leave = { drainMs: 0 }) {
      leaving = leave
      if (leave.drainMs > 0 && connections.count > 0) await delay(leave.drainMs)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const closedAdded = closeAdded()
      server.closeIdleConnections()
      const idle = setInterval(() => server.closeIdleConnections(), 100)
      const late = setTimeout(() => server.closeAllConnections(), graceMs)
      await Promise.all([closed, closedAdded, connections.gone()])
      clearInterval(idle)
      clearTimeout(late)
    },
    destroy() {
      void closeAdded()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Those that clients hold open, whether or not they ask anything now. The server counts its own listener's only. */
class Connections {
  count = 0
  private whenGone = () => {}

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.count++
      socket.once('close', () => {
        if (--this.count === 0) this.whenGone()
      })
    })
  }

  async gone(): Promise<void> {
    if (this.count === 0) return
    await new Promise<void>((resolve) => {
      this.whenGone = resolve
    })
  }
}

function refuse(
  res: ServerResponse,
  status: number,
  detail: string | undefined,
  headers: readonly string[],
): void {
  const body = Buffer.from(problemText(status, detail))
  const fixed = ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store']
  setHeaders(res, [...fixed, 'Content-Length', `${body.length}`, ...headers])
  res.writeHead(status)
  res.end(body)
}

/** Sets headers given as a flat list of names and values. */
export function setHeaders(res: ServerResponse, headers: readonly string[]): void {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    res.setHeader(headers[i] ?? '', headers[i + 1] ?? '')
  }
}

/** What is not HTTP gets a short answer in HTTP, and the connection's end. */
function answerClientError(
  error: Error & { code?: string },
  socket: import('node:stream').Duplex,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
