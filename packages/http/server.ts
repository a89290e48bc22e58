import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'

/** Answers a request itself and returns true, or leaves it to the next. */
export type Shortcut = (req: IncomingMessage, res: ServerResponse) => boolean

export type HttpServer = {
  url: string
  port: number
  /** Stops taking connections, finishes what is in flight, at most `graceMs`. */
  close(graceMs?: number): Promise<void>
  /** Closes every connection at once, as a crash would. */
  destroy(): void
}

/**
 * Listens with limits that a slow or hostile client cannot stretch. `shortcut` sees a request first: what it answers
 * never reaches the router, which is what makes a cached page as fast as bare node:http.
 */
export async function listen(options: {
  port: number
  host: string
  fetch(request: Request): Response | Promise<Response>
  shortcut?: Shortcut
  /** Wraps the answering of each request, e.g. in a span. */
  around?(req: IncomingMessage, res: ServerResponse, answer: () => void): void
}): Promise<HttpServer> {
  const { shortcut = () => false, around } = options
  const slow = getRequestListener(options.fetch, { overrideGlobalObjects: false })
  let closing = false
  const answer = (req: IncomingMessage, res: ServerResponse) => {
    if (closing) res.setHeader('Connection', 'close')
    if (!shortcut(req, res)) void slow(req, res)
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, host: options.host, backlog: 2048 }, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    port,
    url: `http://localhost:${port}`,
    async close(graceMs = 10_000) {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const idle = setInterval(() => server.closeIdleConnections(), 100)
      const late = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearInterval(idle)
      clearTimeout(late)
    },
    destroy() {
      server.closeAllConnections()
      server.close()
    },
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
