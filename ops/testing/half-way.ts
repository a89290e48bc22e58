import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** What becomes of an answer after its headers, which are the service's own. */
export type HalfWay = 'pass' | 'stalls' | 'breaks' | 'swells' | 'lies'

/**
 * A door that lets headers through and then misbehaves: half the body and no more, half and the end of the connection,
 * 100 MB in its place, or as many other bytes. What only looks at headers takes it for the service.
 */
export async function halfWayServer(upstream: { port: number }): Promise<{
  port: number
  set(mode: HalfWay): void
  close(): void
}> {
  let mode: HalfWay = 'pass'
  const server = createServer((asked, answer) => {
    const { url: path, method, headers } = asked
    const onward = request({ host: '127.0.0.1', port: upstream.port, path, method, headers })
    onward.on('response', (got) => {
      if (mode === 'pass' || !path?.startsWith('/fragments/')) return relay(got, answer)
      misbehave(got, answer, mode).catch(() => answer.destroy())
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    set(next) {
      mode = next
      server.closeAllConnections()
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function relay(got: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(got.statusCode ?? 502, got.headers)
  got.pipe(answer)
}

async function misbehave(
  got: IncomingMessage,
  answer: ServerResponse,
  mode: Exclude<HalfWay, 'pass'>,
): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of got) parts.push(part)
  const body = Buffer.concat(parts)
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = got.headers
  answer.writeHead(got.statusCode ?? 502, headers)
  if (mode === 'lies') {
    answer.end(Buffer.alloc(body.length, '<p>'))
  } else if (mode === 'swells') {
    const chunk = Buffer.alloc(1024 * 1024, '<p>more</p>')
    for (let i = 0; i < 100 && !answer.destroyed; i++) {
      if (!answer.write(chunk)) await Promise.race([once(answer, 'drain'), once(answer, 'close')])
    }
    answer.end()
  } else {
    answer.write(body.subarray(0, body.length / 2))
    if (mode === 'breaks') setTimeout(() => answer.destroy(), 20)
  }
}
