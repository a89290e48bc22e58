import type { Sql } from '@colonnade/db'

export type Owner = { id: string; verified: boolean }

/** Whose account at a provider this is. */
export async function findByIdentity(
  sql: Sql,
  { issuer, subject }: { issuer: string; subject: string },
): Promise<string | undefined> {
  const [row] = await sql<{ person: string }[]>`
    select person_id as person from accounts.credential
    where provider_id = ${issuer} and account_id = ${subject}`
  return row?.person
}

export async function findByAddress(sql: Sql, email: string): Promise<Owner | undefined> {
  const [row] = await sql<Owner[]>`
    select id, email_verified as verified from accounts.person where email = ${email}`
  return row
}

/** From now on this account at a provider is theirs. Twice is once. */
export async function addIdentity(
  sql: Sql,
  { id, person, issuer, subject }: { id: string; person: string; issuer: string; subject: string },
): Promise<void> {
  await sql`
    insert into accounts.credential (id, account_id, provider_id, person_id)
    values (${id}, ${subject}, ${issuer}, ${person})
    on conflict (provider_id, account_id) do nothing`
}

type NewPerson = { id: string; name: string; email: string; language: string }

/** Somebody new whose address a provider vouches for. @returns false when somebody has the address */
export async function addVerifiedPerson(sql: Sql, person: NewPerson): Promise<boolean> {
  const { id, name, email, language } = person
  const rows = await sql`
    insert into accounts.person (id, name, email, email_verified, language)
    values (${id}, ${name}, ${email}, true, ${language})
    on conflict (email) do nothing returning id`
  return rows.length === 1
}
