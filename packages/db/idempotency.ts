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

/**
 * Runs a write once per `Idempotency-Key`. The answer is kept for 7 days in the effect's own transaction, so that
 * there is never one without the other.
 * @param scope who and where, e.g. `operator POST /api/instructors`
 * @returns the answer, or `mismatch` (another request under the same key: 422) or `running` (409)
 */
export async function once(
  sql: Sql,
  schema: string,
  { scope, key, request }: { scope: string; key: string; request: string },
  effect: (tx: Transaction) => Promise<{ status: number; body: string }>,
): Promise<Once | 'mismatch' | 'running'> {
  const hash = createHash('sha256').update(request).digest()
  return await sql.begin(async (tx) => {
    const [lock] = await tx<{ free: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`${schema} ${scope} ${key}`}, 0)) as free`
    if (!lock?.free) return 'running'
    const [kept] = await tx<{ request: Buffer; status: number; body: string }[]>`
      select request, status, body from ${tx(schema)}.idempotency where scope = ${scope} and key = ${key}`
    if (kept && !kept.request.equals(hash)) return 'mismatch'
    if (kept) return { status: kept.status, body: kept.body, replayed: true }
    const answer = await effect(tx)
    await tx`
      insert into ${tx(schema)}.idempotency (scope, key, request, status, body)
      values (${scope}, ${key}, ${hash}, ${answer.status}, ${answer.body})`
    return { ...answer, replayed: false }
  })
}

/** Forgets keys older than 7 days; called now and then by each writing service. */
export async function forgetOldKeys(sql: Sql, schema: string): Promise<void> {
  await sql`delete from ${sql(schema)}.idempotency where created_at < now() - interval '7 days'`
}
