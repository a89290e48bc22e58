import type { IncomingHttpHeaders } from 'node:http'

/** Headers that end at each hop, or that only the door may set. */
export const notForwarded: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
])

/** A request's headers as a service elsewhere is told them. */
export function onwardHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const onward: Record<string, string | string[]> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !notForwarded.has(name)) onward[name] = value
  }
  return onward
}
