import type { Sql } from '@colonnade/db'

/** `confirmed` is false until a first code has shown that the app has the secret. */
export type SecondFactorRow = { secret: string; confirmed: boolean }

export async function findSecondFactor(
  sql: Sql,
  person: string,
): Promise<SecondFactorRow | undefined> {
  const [row] = await sql<SecondFactorRow[]>`
    select secret, confirmed_at is not null as confirmed
    from accounts.second_factor where person_id = ${person}`
  return row
}

/** Keeps a secret that is to be confirmed, in the place of another such. @returns false when one is confirmed */
export async function putSecondFactor(sql: Sql, person: string, secret: string): Promise<boolean> {
  const rows = await sql`
    insert into accounts.second_factor as f (person_id, secret) values (${person}, ${secret})
    on conflict (person_id) do update set secret = excluded.secret, last_step = 0, created_at = now()
      where f.confirmed_at is null
    returning person_id`
  return rows.length === 1
}

/** Takes the code of one half minute, which confirms the secret too. @returns false when it, or a later one, was taken before */
export async function takeStep(sql: Sql, person: string, step: number): Promise<boolean> {
  const rows = await sql`
    update accounts.second_factor
    set last_step = ${step}, confirmed_at = coalesce(confirmed_at, now())
    where person_id = ${person} and last_step < ${step}
    returning person_id`
  return rows.length === 1
}

export async function removeSecondFactor(sql: Sql, person: string): Promise<void> {
  await sql`
    with codes as (delete from accounts.recovery_code where person_id = ${person})
    delete from accounts.second_factor where person_id = ${person}`
}

/** These, and none of those before. */
export async function putRecoveryCodes(
  sql: Sql,
  person: string,
  digests: readonly Buffer[],
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`delete from accounts.recovery_code where person_id = ${person}`
    const rows = digests.map((digest) => ({ digest, person_id: person }))
    await tx`insert into accounts.recovery_code ${tx(rows)}`
  })
}

/** Uses one up. @returns false when it is none, or no longer one */
export async function takeRecoveryCode(sql: Sql, person: string, digest: Buffer): Promise<boolean> {
  const rows = await sql`
    delete from accounts.recovery_code where digest = ${digest} and person_id = ${person}
    returning digest`
  return rows.length === 1
}

export async function countRecoveryCodes(sql: Sql, person: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from accounts.recovery_code where person_id = ${person}`
  return row?.count ?? 0
}

/** Somebody has shown that they are who they say, but for the second step: for ten minutes. */
export async function addHalfSignIn(sql: Sql, digest: Buffer, person: string): Promise<void> {
  await sql`
    insert into accounts.half_sign_in (digest, person_id, expires_at)
    values (${digest}, ${person}, now() + interval '10 minutes')`
}

export async function findHalfSignIn(sql: Sql, digest: Buffer): Promise<string | undefined> {
  const [row] = await sql<{ person: string }[]>`
    select person_id as person from accounts.half_sign_in
    where digest = ${digest} and expires_at > now()`
  return row?.person
}

/** Uses it up. @returns false when somebody else did, or it has ended */
export async function takeHalfSignIn(sql: Sql, digest: Buffer): Promise<boolean> {
  const rows = await sql`
    delete from accounts.half_sign_in where digest = ${digest} and expires_at > now()
    returning digest`
  return rows.length === 1
}

export async function forgetHalfSignIns(sql: Sql): Promise<void> {
  await sql`delete from accounts.half_sign_in where expires_at < now()`
}
