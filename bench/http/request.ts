/** A request to be sent many times. `{random}` in the path is a number of `range`; `{count}` in the body counts up. */
export type RequestPlan = {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
  range?: { from: number; to: number }
}

/** How many different requests are made beforehand where the path is random. */
const prepared = 20_000

/** Makes the bytes of each request in turn; what can be made beforehand is. */
export function requestSource(plan: RequestPlan, host: string): () => Buffer {
  const { range, body } = plan
  if (body?.includes('{count}')) {
    let count = 0
    return () => serialise(plan, host, plan.path, body.replaceAll('{count}', String(count++)))
  }
  if (!range) {
    const only = serialise(plan, host, plan.path, body)
    return () => only
  }
  const next = randomNumbers(20_240_607)
  const all = Array.from({ length: prepared }, () => {
    const id = range.from + Math.floor(next() * (range.to - range.from + 1))
    return serialise(plan, host, plan.path.replaceAll('{random}', String(id)), body)
  })
  let at = 0
  return () => {
    const buffer = all[at]
    at = (at + 1) % prepared
    if (!buffer) throw new Error('no request')
    return buffer
  }
}

function serialise(plan: RequestPlan, host: string, path: string, body = ''): Buffer {
  const headers: Record<string, string> = { Host: host, ...plan.headers }
  if (plan.method === 'POST') headers['Content-Length'] = String(Buffer.byteLength(body))
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${plan.method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

/** The same numbers in every run (mulberry32), so that runs and peers are asked for the same things. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
