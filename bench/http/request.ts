import { uuidv7 } from '@colonnade/http'

/**
 * A request to be sent many times. `{random}` in the path is a number of `range` or one of `choices`; `{count}` in
 * body and headers counts up. With `rows` everyone of them sends it in turn: `{0}`, `{1}`… are its row's cells, `{turn}`
 * is how often all have sent it, `{uuid}` is new each time, and `{now}` is the clock in milliseconds since 1970.
 */
export type RequestPlan = {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
  range?: { from: number; to: number }
  choices?: readonly string[]
  rows?: readonly (readonly string[])[]
}

/** The status that counts as an answer; `success` is any 2xx. */
export type Expected = number | 'success'

export const isExpected = (status: number, expect: Expected) =>
  expect === 'success' ? status >= 200 && status < 300 : status === expect

/**
 * A request as bytes; sent `again`, it does nothing twice (RFC 9110, 9.2.2; or by its Idempotency-Key). `place` is its
 * plan's among those that take turns.
 */
export type Prepared = { bytes: Buffer; again: boolean; place: number }

/** How many different requests are made beforehand where the path is random. */
const prepared = 20_000

/** Makes the bytes of each request, of several plans in turn; what can be made beforehand is. */
export function requestSource(
  plans: RequestPlan | readonly RequestPlan[],
  host: string,
): () => Prepared {
  const sources = [plans].flat().map((plan, place) => sourceOf(plan, place, host))
  const next = inTurn(sources)
  return () => next()()
}

function sourceOf(plan: RequestPlan, place: number, host: string): () => Prepared {
  const again = plan.method === 'GET' || plan.headers?.['Idempotency-Key'] !== undefined
  const { body = '', path } = plan
  const headers = Object.entries({ Host: host, ...plan.headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  if (plan.rows) return rowSource(plan, plan.rows, { headers, body, place })
  if (`${headers}${body}`.includes('{count}')) {
    let count = 0
    return () => {
      const number = String(count++)
      const counted = [headers, body].map((text) => text.replaceAll('{count}', number))
      return { bytes: serialise(plan.method, path, ...counted), again, place }
    }
  }
  if (!path.includes('{random}')) {
    const only = { bytes: serialise(plan.method, path, headers, body), again, place }
    return () => only
  }
  const pick = picker(plan)
  const paths = Array.from({ length: prepared }, () => path.replaceAll('{random}', pick()))
  return inTurn(
    paths.map((one) => ({ bytes: serialise(plan.method, one, headers, body), again, place })),
  )
}

function rowSource(
  { method, path }: RequestPlan,
  rows: readonly (readonly string[])[],
  { headers, body, place }: { headers: string; body: string; place: number },
): () => Prepared {
  let count = 0
  return () => {
    const row = rows[count % rows.length] ?? []
    const turn = String(Math.floor(count++ / rows.length))
    const filled = [path, headers, body].map((text) =>
      text.replace(/\{(\d+|turn|uuid|now)\}/g, (_, name: string) => {
        if (name === 'turn') return turn
        if (name === 'uuid') return uuidv7()
        return name === 'now' ? String(Date.now()) : (row[Number(name)] ?? '')
      }),
    )
    const [to = '', ...rest] = filled
    // An entry sent again under its id is the same entry.
    return { bytes: serialise(method, to, ...rest), again: true, place }
  }
}

function inTurn<One>(list: readonly One[]): () => One {
  let at = 0
  return () => {
    const one = list[at]
    at = (at + 1) % list.length
    if (one === undefined) throw new Error('There is nothing to send.')
    return one
  }
}

function picker({ range, choices = [] }: RequestPlan): () => string {
  const next = randomNumbers(20_240_607)
  if (range) {
    return () => String(range.from + Math.floor(next() * (range.to - range.from + 1)))
  }
  return () => choices[Math.floor(next() * choices.length)] ?? ''
}

function serialise(method: string, path: string, headers = '', body = ''): Buffer {
  const length = method === 'POST' ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : ''
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${headers}${length}\r\n${body}`)
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
