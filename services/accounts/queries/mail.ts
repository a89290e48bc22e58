import type { Sql } from '@colonnade/db'

/** `unsubscribe` is the address that refuses such mails in one click. */
export type Letter = {
  id: string
  recipient: string
  subject: string
  body: string
  unsubscribe?: string | null
}

export async function addLetter(sql: Sql, letter: Letter): Promise<void> {
  const { id, recipient, subject, body } = letter
  await sql`
    insert into accounts.mail (id, recipient, subject, body)
    values (${id}, ${recipient}, ${subject}, ${body})`
}

/** Takes one letter that is due, for a quarter of an hour: then it is due again, unless it was sent. */
export async function takeLetter(sql: Sql): Promise<(Letter & { tries: number }) | undefined> {
  const [row] = await sql<(Letter & { tries: number })[]>`
    update accounts.mail set tries = tries + 1, next_try = now() + interval '15 minutes'
    where id = (
      select id from accounts.mail where next_try <= now()
      order by next_try limit 1 for update skip locked)
    returning id, recipient, subject, body, unsubscribe, tries`
  return row
}

export async function removeLetter(sql: Sql, id: string): Promise<void> {
  await sql`delete from accounts.mail where id = ${id}`
}

/** The next try comes after `seconds`. */
export async function putOffLetter(sql: Sql, id: string, seconds: number): Promise<void> {
  await sql`
    update accounts.mail set next_try = now() + ${seconds} * interval '1 second' where id = ${id}`
}
