import type { Socket } from 'node:net'
import { faultProxy } from './fault-proxy.ts'

/**
 * How a service can be broken:
 * - `pass`: works, by way of the upstream
 * - `refuse`: nobody listens
 * - `hang`: takes the connection and never says a word; what was passing stalls
 * - `half`: headers and half a body, then nothing more
 * - `cut`: headers and half a body, then the connection breaks
 * - `error`: 500, at once
 * - `garbage`: bytes that are no HTTP
 * - `huge`: 200 and a body of 100 MB
 * - `endless`: 200 and a body without end
 * - `slow`: 200, and a byte of body every 50 ms
 */
export type Fault =
  | 'pass'
  | 'refuse'
  | 'hang'
  | 'half'
  | 'cut'
  | 'error'
  | 'garbage'
  | 'huge'
  | 'endless'
  | 'slow'

export type FaultServer = {
  /** http://127.0.0.1:port; the same in every mode. */
  readonly url: string
  readonly port: number
  /** Connections taken so far. */
  readonly connections: number
  /** Breaks or mends it; connections of the mode before end, except that `hang` freezes them. */
  set(fault: Fault): Promise<void>
  close(): Promise<void>
}

const html = 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n'
const hundredMegabytes = 100 * 1024 * 1024
const chunk = Buffer.alloc(64 * 1024, '<p>more</p>')

/** A server that misbehaves on purpose. `upstream` (host:port or a URL) is what `pass` leads to, byte by byte. */
export async function faultServer(fault: Fault, upstream?: string): Promise<FaultServer> {
  let mode: Fault = fault
  const proxy = await faultProxy(upstream, {
    instead(socket) {
      if (mode === 'pass' || (mode === 'hang' && upstream !== undefined)) return false
      socket.on('data', (request) => {
        // A request's first bytes; its body, which may follow, changes nothing.
        if (/^[A-Z]+ \S+ HTTP\//.test(request.toString('latin1'))) answer(socket, mode)
      })
      return true
    },
  })
  const hung = { blackHole: true }
  const set = async (next: Fault) => {
    mode = next
    if (next !== 'hang') proxy.drop()
    await proxy.set(
      next === 'refuse' ? { refuse: true } : next === 'hang' ? { up: hung, down: hung } : {},
    )
  }
  await set(fault)
  return {
    url: proxy.url,
    port: proxy.port,
    get connections() {
      return proxy.connections
    },
    set,
    close: () => proxy.close(),
  }
}

function answer(socket: Socket, fault: Fault): void {
  if (fault === 'half' || fault === 'cut') {
    socket.write(`${html}Content-Length: 1000\r\n\r\n${'<p>half of it'.padEnd(500, '.')}`)
    if (fault === 'cut') setTimeout(() => socket.resetAndDestroy(), 20)
  } else if (fault === 'error') {
    const body = '{"title":"Internal Server Error","status":500}'
    socket.write(
      'HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/problem+json\r\n' +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    )
  } else if (fault === 'garbage') {
    socket.end(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 89 + 7) % 256)))
  } else if (fault === 'huge') {
    socket.write(`${html}Content-Length: ${hundredMegabytes}\r\n\r\n`)
    pour(socket, hundredMegabytes)
  } else if (fault === 'endless') {
    socket.write(`${html}Connection: close\r\n\r\n`)
    pour(socket, Number.POSITIVE_INFINITY)
  } else if (fault === 'slow') {
    socket.write(`${html}Content-Length: 100000\r\n\r\n`)
    const drip = setInterval(() => socket.write('.'), 50)
    socket.on('close', () => clearInterval(drip))
  }
}

/** Writes as fast as the other side reads. */
function pour(socket: Socket, bytes: number): void {
  let left = bytes
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      const part = left < chunk.length ? chunk.subarray(0, left) : chunk
      left -= part.length
      if (!socket.write(part)) {
        socket.once('drain', more)
        return
      }
    }
  }
  more()
}
