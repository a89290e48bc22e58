import type { Sql } from '@colonnade/db'
import type { MailKind } from '../contract.ts'
import type { Letter } from './mail.ts'

export type Addressee = {
  id: string
  name: string
  email: string
  language: string
  timeZone: string
}

/** Those of the ids that are people, in no order. */
export async function listAddressees(sql: Sql, ids: readonly string[]): Promise<Addressee[]> {
  return await sql<Addressee[]>`
    select id, name, email, language, time_zone as "timeZone" from accounts.person
    where id = any(${[...ids]}::uuid[])`
}

/**
 * Queues a letter under a key, in one statement: once, and not when the person refuses its kind.
 * @returns whether it is queued now, was queued before, or is refused
 */
export async function queueNotice(
  sql: Sql,
  letter: Letter & { unsubscribe: string },
  { person, kind, key }: { person: string; kind: MailKind; key: string },
): Promise<'queued' | 'known' | 'refused'> {
  const [row] = await sql<{ refused: boolean; queued: boolean }[]>`
    with refusal as (
      select from accounts.mail_refusal where person_id = ${person} and kind = ${kind}
    ), fresh as (
      insert into accounts.mail_key (key, person_id)
      select ${key}, ${person}::uuid where not exists (select from refusal)
      on conflict do nothing returning 1
    ), queued as (
      insert into accounts.mail (id, recipient, subject, body, unsubscribe)
      select ${letter.id}::uuid, ${letter.recipient}, ${letter.subject}, ${letter.body}, ${letter.unsubscribe}
      from fresh returning 1
    )
    select exists (select from refusal) as refused, exists (select from queued) as queued`
  if (row?.refused) return 'refused'
  return row?.queued ? 'queued' : 'known'
}

/** Kinds of mails that a person refuses. */
export async function listRefusals(sql: Sql, person: string): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`
    select kind from accounts.mail_refusal where person_id = ${person}`
  return rows.map(({ kind }) => kind)
}

/** Refuses a kind. @returns false when there is no such person */
export async function refuseKind(sql: Sql, person: string, kind: MailKind): Promise<boolean> {
  const rows = await sql`
    with someone as (select id from accounts.person where id = ${person}), refused as (
      insert into accounts.mail_refusal (person_id, kind) select id, ${kind} from someone
      on conflict do nothing
    )
    select from someone`
  return rows.length === 1
}

/** Sets all that a person refuses. */
export async function setRefusals(
  sql: Sql,
  person: string,
  kinds: readonly MailKind[],
): Promise<void> {
  await sql`
    with taken as (
      delete from accounts.mail_refusal where person_id = ${person} and kind <> all(${[...kinds]})
    )
    insert into accounts.mail_refusal (person_id, kind)
    select ${person}::uuid, kind from unnest(${[...kinds]}::text[]) as kind on conflict do nothing`
}

/** Forgets keys that nobody sends again. */
export async function forgetMailKeys(sql: Sql): Promise<void> {
  await sql`delete from accounts.mail_key where created_at < now() - interval '400 days'`
}
