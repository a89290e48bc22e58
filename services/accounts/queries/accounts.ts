import type { Sql } from '@colonnade/db'
import type { Role } from '@colonnade/http'
import type { Image } from '@colonnade/media/contract'

/** Keeps a secret where there is none, and answers the one that is kept: the first of several processes wins. */
export async function keepSecret(sql: Sql, name: string, value: object): Promise<unknown> {
  const json = JSON.stringify(value)
  await sql`
    insert into accounts.secret (name, value) values (${name}, ${json}::text::jsonb)
    on conflict (name) do nothing`
  return await findSecret(sql, name)
}

async function findSecret(sql: Sql, name: string): Promise<unknown> {
  const [row] = await sql<{ value: unknown }[]>`
    select value from accounts.secret where name = ${name}`
  return row?.value
}

export type PersonRow = {
  id: string
  name: string
  email: string
  roles: Role[]
  language: string
  timeZone: string
  photo: Image | null
}

export async function findPerson(sql: Sql, id: string): Promise<PersonRow | undefined> {
  const [row] = await sql<PersonRow[]>`
    select id, name, email, roles, language, time_zone as "timeZone", photo
    from accounts.person where id = ${id}`
  return row
}

/** A person and the session by which they are signed in. */
export type SignedIn = { id: string; roles: Role[]; session: string }

/** Whose a session is that has not ended, by its token. */
export async function findSignedIn(sql: Sql, token: string): Promise<SignedIn | undefined> {
  const [row] = await sql<SignedIn[]>`
    select p.id, p.roles, s.id as session
    from accounts.session s join accounts.person p on p.id = s.person_id
    where s.token = ${token} and s.expires_at > now()`
  return row
}

export async function changeProfile(
  sql: Sql,
  id: string,
  { name, language, timeZone }: { name: string; language: string; timeZone: string },
): Promise<void> {
  await sql`
    update accounts.person
    set name = ${name}, language = ${language}, time_zone = ${timeZone}, updated_at = now()
    where id = ${id}`
}

/** By name; those whose name or address holds the text, or all. */
export async function listPeople(sql: Sql, text: string, limit: number): Promise<PersonRow[]> {
  return await sql<PersonRow[]>`
    select id, name, email, roles, language, time_zone as "timeZone", photo from accounts.person
    where position(lower(${text}) in lower(name || ' ' || email)) > 0
    order by name, id limit ${limit}`
}

/** @returns false when that would leave the installation without an administrator */
export async function setRoles(sql: Sql, id: string, roles: readonly Role[]): Promise<boolean> {
  return await sql.begin(async (tx) => {
    // Two administrators who take the role from each other at the same moment must not both succeed.
    const holders = await tx<{ id: string }[]>`
      select id from accounts.person where 'administrator' = any(roles) order by id for update`
    const others = holders.filter((holder) => holder.id !== id)
    const isAdministrator = holders.length > others.length
    if (isAdministrator && others.length === 0 && !roles.includes('administrator')) return false
    await tx`
      update accounts.person set roles = ${[...roles]}, updated_at = now() where id::text = ${id}`
    return true
  })
}

export async function countAdministrators(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from accounts.person where 'administrator' = any(roles)`
  return row?.count ?? 0
}

/** Keeps the digest of a link that makes an administrator, for a day. */
export async function addAdminLink(sql: Sql, digest: Buffer): Promise<void> {
  await sql`
    insert into accounts.admin_link (digest, expires_at) values (${digest}, now() + interval '1 day')`
}

/** Whether a link still works. */
export async function isAdminLink(sql: Sql, digest: Buffer): Promise<boolean> {
  const rows = await sql`
    select from accounts.admin_link where digest = ${digest} and expires_at > now()`
  return rows.length === 1
}

/** Uses a link up and makes a person an administrator, in one statement. @returns false when the link is none */
export async function takeAdminRole(sql: Sql, digest: Buffer, person: string): Promise<boolean> {
  const rows = await sql`
    with used as (
      delete from accounts.admin_link where digest = ${digest} and expires_at > now() returning 1
    )
    update accounts.person
    set roles = array['learner', 'instructor', 'administrator'], updated_at = now()
    where id = ${person} and exists (select from used)
    returning id`
  return rows.length === 1
}

/** A thing that is counted, and how often it may happen before it is slowed. */
export type Counted = { subject: string; free: number }

/**
 * Counts a try of each, in one statement, so that tries at the same moment are counted one after the other. Beyond the free
 * ones each doubles the time until the next is let through, up to a quarter of an hour; one that comes before its time is
 * refused and not counted. An hour without a try forgets those before.
 * @returns seconds to wait for each that is refused
 */
export async function countTry(sql: Sql, counted: readonly Counted[]): Promise<number[]> {
  const sorted = [...counted].sort((a, b) => (a.subject < b.subject ? -1 : 1))
  const rows = await sql<{ seconds: number }[]>`
    insert into accounts.guess as g (subject, free, count)
    select subject, free, 1 from unnest(${sorted.map(({ subject }) => subject)}::text[],
      ${sorted.map(({ free }) => free)}::int[]) as one (subject, free)
    on conflict (subject) do update set
      refused = g.next_at > now(),
      count = case when g.next_at > now() then g.count
        when g.last_at < now() - interval '1 hour' then 1 else g.count + 1 end,
      last_at = case when g.next_at > now() then g.last_at else now() end,
      next_at = case when g.next_at > now() then g.next_at
        when g.last_at < now() - interval '1 hour' or g.count + 1 < g.free then now()
        else now() + least(900, power(2, least(g.count + 1 - g.free, 10))) * interval '1 second' end
    returning case when refused then extract(epoch from next_at - now())::float8 else 0 end as seconds`
  return rows.map(({ seconds }) => Math.ceil(seconds)).filter((seconds) => seconds > 0)
}

/** It was no guess after all. */
export async function forgetTry(sql: Sql, subject: string): Promise<void> {
  await sql`delete from accounts.guess where subject = ${subject}`
}

/** One of several: those before it stay counted. */
export async function uncountTry(sql: Sql, subject: string): Promise<void> {
  await sql`
    update accounts.guess set count = greatest(count - 1, 0), next_at = now() where subject = ${subject}`
}

/** Removes what has ended. */
export async function forgetEnded(sql: Sql): Promise<void> {
  await sql`delete from accounts.session where expires_at < now()`
  await sql`delete from accounts.verification where expires_at < now()`
  await sql`delete from accounts.admin_link where expires_at < now()`
  await sql`delete from accounts.guess where last_at < now() - interval '1 day'`
}
