import { isDeeperThan } from './json-depth.ts'
import { Problem } from './problem.ts'

/**
 * Reads a body whole, but never more than `limit` bytes.
 * @throws Problem 413
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem(413, `At most ${limit} bytes are accepted here.`)
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (length > limit) throw tooLarge()
  if (length >= 0) {
    // A body of known length is taken whole: as a stream it would cost more than all else that a small write does.
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.byteLength > limit) throw tooLarge()
    return bytes
  }
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** Nothing that is asked for here is nested deeper than a few levels. */
const levels = 100

/**
 * Reads a JSON body.
 * @throws Problem 415 for another content type, 413 beyond `limit` bytes, 400 for broken UTF-8 or JSON, or more than 100
 * levels of it
 */
export async function jsonBody(request: Request, limit: number): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    throw new Problem(415, 'Send JSON, with Content-Type: application/json.')
  }
  const bytes = await readBody(request, limit)
  if (isDeeperThan(bytes, levels)) {
    throw new Problem(400, `The body is nested deeper than ${levels} levels.`)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Problem(400, 'The body is not valid JSON in UTF-8.')
  }
}
