import type { ZodType, z } from 'zod'
import type { Backend } from './backend.ts'
import type { Trust } from './token.ts'

/** Another service answered, but not with what was asked for. `detail` is its problem document's. */
export class PeerError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status} ${detail}`)
  }
}

export type Question = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  json?: unknown
  /** Sent as they are. */
  bytes?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
  /** Milliseconds for the whole answer; 300 unless told. */
  budget?: number
}

/**
 * Asks another service something and checks the answer's shape; unknown fields are ignored, an empty body is null.
 * @throws PeerError when it answers an error, a TimeoutError or a network error when it is away
 */
export async function askPeer<Schema extends ZodType>(
  backend: Backend,
  trust: Trust,
  path: string,
  schema: Schema,
  { method = 'GET', json, bytes, headers, budget = 300 }: Question = {},
): Promise<z.output<Schema>> {
  const response = await backend.fetch(path, {
    method,
    headers: {
      ...headers,
      ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      Authorization: await trust.header(),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(bytes ? { body: bytes } : {}),
    signal: AbortSignal.timeout(budget),
  })
  const text = await response.text()
  if (!response.ok) throw new PeerError(response.status, detailOf(text))
  return schema.parse(text === '' ? null : JSON.parse(text))
}

function detailOf(text: string): string {
  try {
    const problem: unknown = JSON.parse(text)
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) {
      return String(problem.detail)
    }
  } catch {
    // Not a problem document: the status has to do.
  }
  return 'It gave no reason.'
}
