import type { Sql } from '@colonnade/db'
import type { Erased } from '@colonnade/http'

export type NewErasure = { id: string; person: string; services: readonly string[] }

/**
 * Takes a person and all that is theirs out of accounts, and notes who else is to forget them, both or neither.
 * @returns `last` when they are the only administrator, `nobody` when they are not there any more
 */
export async function beginErasure(
  sql: Sql,
  { id, person, services }: NewErasure,
): Promise<'begun' | 'last' | 'nobody'> {
  return await sql.begin(async (tx) => {
    // The same lock as where roles are set: of two administrators who leave at the same moment one stays.
    const holders = await tx<{ id: string }[]>`
      select id from accounts.person where 'administrator' = any(roles) order by id for update`
    if (holders.length === 1 && holders[0]?.id === person) return 'last'
    // All that belongs to the person goes with the row: sessions, passwords, choices, keys of mails.
    const gone = await tx<{ email: string; language: string }[]>`
      delete from accounts.person where id = ${person} returning email, language`
    const [{ email, language } = { email: undefined, language: '' }] = gone
    if (email === undefined) return 'nobody'
    await tx`delete from accounts.mail where recipient = ${email}`
    await tx`delete from accounts.verification where value = ${person}`
    await tx`
      delete from accounts.guess
      where subject = any(${[`account ${email}`, `mail ${email}`, `photo ${person}`, `export ${person}`]})`
    await tx`
      insert into accounts.erasure (id, person_id, email, language)
      values (${id}, ${person}, ${email}, ${language})`
    await tx`
      insert into accounts.erasure_part (erasure_id, service)
      select ${id}::uuid, unnest(${[...services]}::text[])`
    return 'begun'
  })
}

export type DuePart = {
  erasure: string
  person: string
  language: string
  service: string
  rounds: number
  tries: number
}

/** Takes a part that is due, of one erasure or of any, for a minute: then it is due again, unless it was answered. */
export async function takePart(sql: Sql, erasure: string | null): Promise<DuePart | undefined> {
  const [row] = await sql<DuePart[]>`
    update accounts.erasure_part p set tries = p.tries + 1, next_try = now() + interval '1 minute'
    from accounts.erasure e
    where e.id = p.erasure_id and (p.erasure_id, p.service) = (
      select erasure_id, service from accounts.erasure_part
      where rounds < 2 and next_try <= now() and (${erasure}::uuid is null or erasure_id = ${erasure})
      order by next_try limit 1 for update skip locked)
    returning e.id as erasure, e.person_id as person, e.language, p.service, p.rounds, p.tries`
  return row
}

/** Notes an answer, once for each round; the next round comes after `seconds`. */
export async function notePart(
  sql: Sql,
  { erasure, service, rounds }: DuePart,
  { erased, kept }: Erased,
  seconds: number,
): Promise<void> {
  await sql`
    update accounts.erasure_part set rounds = rounds + 1, tries = 0,
      erased = erased || ${JSON.stringify(erased)}::text::jsonb,
      kept = kept || ${JSON.stringify(kept)}::text::jsonb,
      next_try = now() + ${seconds} * interval '1 second'
    where erasure_id = ${erasure} and service = ${service} and rounds = ${rounds}`
}

/** It is asked again after `seconds`. */
export async function putOffPart(
  sql: Sql,
  { erasure, service }: DuePart,
  seconds: number,
): Promise<void> {
  await sql`
    update accounts.erasure_part set next_try = now() + ${seconds} * interval '1 second'
    where erasure_id = ${erasure} and service = ${service}`
}

export type Receipt = {
  askedAt: Date
  parts: (Erased & { service: string; answered: boolean })[]
}

/** What became of an erasure, or undefined when there is none. */
export async function findReceipt(sql: Sql, id: string): Promise<Receipt | undefined> {
  const [row] = await sql<Receipt[]>`
    select e.asked_at as "askedAt", coalesce(json_agg(json_build_object('service', p.service,
      'answered', p.rounds > 0, 'erased', p.erased, 'kept', p.kept) order by p.service)
      filter (where p.service is not null), '[]') as parts
    from accounts.erasure e left join accounts.erasure_part p on p.erasure_id = e.id
    where e.id = ${id} group by e.id`
  return row
}

export type Untold = { id: string; email: string; language: string }

/** An erasure that every service has answered, and whose receipt is not on its way yet. */
export async function findUntold(sql: Sql): Promise<Untold | undefined> {
  const [row] = await sql<Untold[]>`
    select id, email, language from accounts.erasure e
    where told_at is null and email is not null and not exists (
      select from accounts.erasure_part p where p.erasure_id = e.id and p.rounds = 0)
    order by asked_at limit 1`
  return row
}

/** Queues the receipt, and forgets whose it was, both or neither; once. */
export async function tellReceipt(
  sql: Sql,
  id: string,
  letter: { id: string; subject: string; body: string },
): Promise<void> {
  await sql`
    with told as (
      select id, email from accounts.erasure where id = ${id} and told_at is null for update
    ), queued as (
      insert into accounts.mail (id, recipient, subject, body)
      select ${letter.id}::uuid, email, ${letter.subject}, ${letter.body} from told
    )
    update accounts.erasure e set told_at = now(), email = null from told where e.id = told.id`
}

/** Receipts are shown for a quarter of a year. */
export async function forgetErasures(sql: Sql): Promise<void> {
  await sql`
    delete from accounts.erasure e where asked_at < now() - interval '90 days' and told_at is not null
      and not exists (select from accounts.erasure_part p where p.erasure_id = e.id and p.rounds < 2)`
}
