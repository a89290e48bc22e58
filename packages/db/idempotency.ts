import { createHash } from 'node:crypto'
import type { Sql, Transaction } from './database.ts'

/** What was answered, so that it can be answered again. */
export type Once = { status: number; body: string; replayed: boolean }

/** Creates the table that `once` keeps; part of each writing service's first migration. */
export const idempotencyTable = `
create table idempotency (
  scope text not null,
  key text not null,
  request bytea not null,
  status smallint not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_age on idempotency (created_at);
`

/** A write under a key: who and where (`operator POST /api/instructors`), the client's key, and what was asked. */
export type KeyedRequest = { scope: string; key: string; request: string }

/** `mismatch`: another request came under the same key (422); `running`: the first is still under way (409). */
export type OnceAnswer = Once | 'mismatch' | 'running'

/**
 * Runs a write once per `Idempotency-Key`. The answer is kept for 7 days in the effect's own transaction, so that
 * there is never one without the other.
 */
export async function once(
  sql: Sql,
  schema: string,
  request: KeyedRequest,
  effect: (tx: Transaction) => Promise<{ status: number; body: string }>,
): Promise<OnceAnswer> {
  const [answer] = await onceEach(sql, schema, [request], async (tx) => [await effect(tx)])
  if (!answer) throw new Error('a write under a key has no answer')
  return answer
}

/**
 * The same for many writes in one transaction.
 * @param effect runs those whose key is new, by their places in `requests`, and answers in that order
 * @returns an answer for each request, in their order
 */
export async function onceEach(
  sql: Sql,
  schema: string,
  requests: readonly KeyedRequest[],
  effect: (
    tx: Transaction,
    places: number[],
  ) => Promise<readonly { status: number; body: string }[]>,
): Promise<OnceAnswer[]> {
  const scopes = requests.map(({ scope }) => scope)
  const keys = requests.map(({ key }) => key)
  const hashes = requests.map(({ request }) => createHash('sha256').update(request).digest('hex'))
  let storing: Promise<unknown> = Promise.resolve()
  const answers = await sql.begin(async (tx) => {
    const locked = tx<{ free: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${schema} || ' ' || scope || ' ' || key, 0)) as free
      from unnest(${scopes}::text[], ${keys}::text[]) with ordinality as one (scope, key, place)
      order by place`
    // After the locks are held, by a statement of its own, that what their last holder committed is seen; but sent with it,
    // in one way there and back.
    const reading = tx<{ place: number; request: string; status: number; body: string }[]>`
      select one.place::int - 1 as place, encode(kept.request, 'hex') as request, kept.status, kept.body
      from unnest(${scopes}::text[], ${keys}::text[]) with ordinality as one (scope, key, place)
      cross join lateral (
        -- The limit keeps this a search by key: a plan made while the table was small would read all of it for ever.
        select i.request, i.status, i.body from ${tx(schema)}.idempotency i
        where i.scope = one.scope and i.key = one.key limit 1
      ) kept`
    const [rows, kept] = await Promise.all([locked, reading])
    const keptAt = new Map(kept.map((row) => [row.place, row]))
    // A key that stands twice in one batch: the second one comes while the first is running.
    const firstOf = (place: number) =>
      keys.findIndex((key, i) => key === keys[place] && scopes[i] === scopes[place])
    const answers: OnceAnswer[] = requests.map((_, place) => {
      const row = keptAt.get(place)
      if (!rows[place]?.free || (!row && firstOf(place) !== place)) return 'running'
      if (!row) return { status: 0, body: '', replayed: false }
      if (row.request !== hashes[place]) return 'mismatch'
      return { status: row.status, body: row.body, replayed: true }
    })
    const fresh = answers.flatMap((answer, place) =>
      typeof answer === 'object' && !answer.replayed ? [place] : [],
    )
    if (fresh.length === 0) return answers
    const made = await effect(tx, fresh)
    for (const [i, place] of fresh.entries()) {
      const answer = made[i]
      if (!answer) throw new Error('a write under a key has no answer')
      answers[place] = { ...answer, replayed: false }
    }
    // Sent together with the commit, which undoes everything when this fails: told below.
    storing = tx`
      insert into ${tx(schema)}.idempotency (scope, key, request, status, body)
      select scope, key, decode(request, 'hex'), status, body
      from unnest(${fresh.map((place) => scopes[place] ?? '')}::text[],
        ${fresh.map((place) => keys[place] ?? '')}::text[],
        ${fresh.map((place) => hashes[place] ?? '')}::text[],
        ${made.map(({ status }) => status)}::smallint[],
        ${made.map(({ body }) => body)}::text[]) as one (scope, key, request, status, body)`.then(
      () => undefined,
      (error: unknown) => error,
    )
    return answers
  })
  const failure = await storing
  if (failure) throw failure
  return answers
}

/** Forgets keys older than 7 days; called now and then by each writing service. */
export async function forgetOldKeys(sql: Sql, schema: string): Promise<void> {
  await sql`delete from ${sql(schema)}.idempotency where created_at < now() - interval '7 days'`
}
