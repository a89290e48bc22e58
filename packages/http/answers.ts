import { type Database, type OnceAnswer, once, type Transaction } from '@colonnade/db'
import { changedHeader, tagsHeader } from './cache-tags.ts'
import { etagOf } from './conditional.ts'
import { Problem } from './problem.ts'
import type { FastAnswer } from './service.ts'

const json = { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }

/**
 * Answers JSON text as Postgres made it.
 * @param options.tags what the answer shows (`course:7`), where the proxy may keep it
 * @param options.changed what a write has changed, so that who reads next sees it
 */
export function answerJson(
  body: string,
  {
    status = 200,
    version,
    location,
    tags,
    changed,
  }: {
    status?: number
    version?: number
    location?: string
    tags?: readonly string[]
    changed?: readonly string[]
  } = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      ...json,
      ...(version === undefined ? {} : { ETag: etagOf(version) }),
      ...(location === undefined ? {} : { Location: location }),
      ...tagsHeader(tags),
      ...changedHeader(changed),
    },
  })
}

/** The same as `answerJson` gives for a list, for routes answered without the router. */
export const fastJson = (body: string, tags?: readonly string[]): FastAnswer => ({
  status: 200,
  headers: json,
  body,
  ...(tags ? { tags } : {}),
})

/** Answers a write that leaves nothing to say. @param changed as for `answerJson` */
export const noContent = (changed?: readonly string[]) =>
  new Response(null, { status: 204, headers: changedHeader(changed) })

export const idempotencyKey = {
  'Idempotency-Key': {
    description: 'Sent again within 7 days with the same body, the first answer comes again.',
  },
}

/**
 * The request's Idempotency-Key.
 * @throws Problem 422 when it is none
 */
export function keyOf(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null || /^[\x21-\x7e]{1,255}$/.test(key)) return key ?? undefined
  throw new Problem(422, 'Correct the fields named below and send it again.', [
    { path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' },
  ])
}

/**
 * What was answered under a key.
 * @throws Problem 409 or 422 when there is nothing to answer again
 */
export function answerUnderKey(answer: OnceAnswer): string {
  if (answer === 'running') {
    throw new Problem(409, 'The first request with this Idempotency-Key is still running.')
  }
  if (answer === 'mismatch') {
    throw new Problem(422, 'Use a new Idempotency-Key for a new request.', [
      { path: 'Idempotency-Key', message: 'was used with another body' },
    ])
  }
  return answer.body
}

/**
 * Runs a write: as it is, or once for each Idempotency-Key.
 * @param service whose tables keep the keys
 * @param scope who and where, e.g. `operator POST /api/instructors`
 * @param effect gives the JSON text to answer; without a key it has no transaction, and is one statement
 */
export async function writeOnce(
  db: Database,
  request: Request,
  { service, scope, body }: { service: string; scope: string; body: unknown },
  effect: (tx: Transaction | undefined) => Promise<string>,
): Promise<string> {
  const key = keyOf(request)
  if (key === undefined) return await effect(undefined)
  const asked = { scope, key, request: JSON.stringify(body) }
  return answerUnderKey(
    await once(db.work, service, asked, async (tx) => ({ status: 201, body: await effect(tx) })),
  )
}
