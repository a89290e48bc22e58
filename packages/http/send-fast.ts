import type { ServerResponse } from 'node:http'
import type { FastAnswer } from './service.ts'

/** Headers as a flat list; the few sets that fast routes answer with are each flattened once. */
const flattened = new WeakMap<FastAnswer['headers'], readonly string[]>()

function flat(headers: FastAnswer['headers']): readonly string[] {
  let list = flattened.get(headers)
  if (!list) {
    list = Object.entries(headers).flat()
    flattened.set(headers, list)
  }
  return list
}

/**
 * Sends an answer whole and with its length: in chunks it would be three writes in place of one.
 * @param more headers (flat) of this answer alone
 */
export function sendFast(
  res: ServerResponse,
  { status, headers, body }: FastAnswer,
  more: readonly string[],
  head = false,
): void {
  const length = String(Buffer.byteLength(body))
  res.writeHead(status, [...flat(headers), 'Content-Length', length, ...more])
  res.end(head ? undefined : body)
}
