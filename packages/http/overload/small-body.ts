import type { IncomingMessage } from 'node:http'

/** A body longer than this is read by whoever takes it. */
const most = 64 * 1024

/**
 * Reads a small body before anybody works on it, so that a client that sends slowly holds no place that others need.
 * `then` is called when it is here, or at once when there is none, or when it is large or of unknown length; never when
 * the client went away. The router finds it as `rawBody`.
 */
export function withSmallBody(req: IncomingMessage, then: () => void): void {
  const length = Number(req.headers['content-length'] ?? Number.NaN)
  if (!(length > 0 && length <= most)) {
    then()
    return
  }
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.once('end', () => {
    Object.assign(req, { rawBody: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks) })
    then()
  })
}
