import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'

/** Answers a request itself and returns true, or leaves it to the next. */
export type Shortcut = (req: IncomingMessage, res: ServerResponse) => boolean

export type HttpServer = {
  url: string
  port: number
  /**
   * Stops taking connections, finishes what is in flight, at most `graceMs`. Before that it tells every client for
   * `drainMs`, with its next answer, to go elsewhere, so that none finds its connection closed.
   */
  close(graceMs?: number, drainMs?: number): Promise<void>
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
}): Promise<HttpServer> {
  const { shortcut = () => false } = options
  const slow = getRequestListener(options.fetch, { overrideGlobalObjects: false })
  let closing = false
  const server: Server = createServer(
    {
      requestTimeout: 60_000,
      headersTimeout: 10_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      connectionsCheckingInterval: 5000,
    },
    (req, res) => {
      if (closing) res.setHeader('Connection', 'close')
      if (!shortcut(req, res)) void slow(req, res)
    },
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
    async close(graceMs = 10_000, drainMs = 0) {
      closing = true
      if (drainMs > 0) await delay(drainMs)
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
