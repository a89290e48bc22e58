import type { Sql } from '@colonnade/db'
import type { HandedIn } from './model.ts'

/** The secret part of the address of a person's calendar. */
export async function findCalendar(sql: Sql, person: string): Promise<string | undefined> {
  const [row] = await sql<{ token: string }[]>`
    select token from learning.calendar where person = ${person}`
  return row?.token
}

/** Gives a person's calendar an address; the one before stops working. */
export async function putCalendar(sql: Sql, person: string, token: string): Promise<void> {
  await sql`
    insert into learning.calendar (person, token) values (${person}, ${token})
    on conflict (person) do update set token = excluded.token, made_at = now()`
}

export async function findCalendarOwner(sql: Sql, token: string): Promise<string | undefined> {
  const [row] = await sql<{ person: string }[]>`
    select person from learning.calendar where token = ${token}`
  return row?.person
}

/** Answers that entries of a log gave, by the entries' ids. */
export async function listAnswersIn(
  sql: Sql,
  enrolment: string,
  entries: readonly string[],
): Promise<{ id: string; answer: unknown }[]> {
  return await sql<{ id: string; answer: unknown }[]>`
    select id, data -> 'answer' as answer from learning.log
    where enrolment_id = ${enrolment} and id = any(${entries}::uuid[]) and type = 'answer'`
}

/** Bytes that the files of one enrolment may have together. */
const mostBytes = 200 * 1024 * 1024

/** Keeps a file; false when the enrolment has no room for it. */
export async function addFile(
  sql: Sql,
  file: {
    id: string
    attempt: string
    question: string
    name: string
    type: string
    bytes: Uint8Array
  },
): Promise<boolean> {
  const { id, attempt, question, name, type, bytes } = file
  const added = await sql`
    insert into learning.handed_in (id, attempt_id, question, name, type, size, bytes)
    select ${id}, ${attempt}, ${question}, ${name}, ${type}, ${bytes.byteLength}, ${Buffer.from(bytes)}
    where ${bytes.byteLength} + (
      select coalesce(sum(h.size), 0) from learning.handed_in h
      join learning.attempt a on a.id = h.attempt_id
      where a.enrolment_id = (select enrolment_id from learning.attempt where id = ${attempt})
    ) <= ${mostBytes}
    returning id`
  return added.length > 0
}

/** Files of an attempt, without what is in them. */
export async function listFiles(
  sql: Sql,
  attempt: string,
): Promise<(HandedIn & { question: string })[]> {
  return await sql<(HandedIn & { question: string })[]>`
    select id, name, size, question from learning.handed_in where attempt_id = ${attempt} order by id`
}

export type StoredFile = {
  name: string
  type: string
  bytes: Uint8Array
  person: string
  courseId: number
}

export async function findFile(sql: Sql, id: string): Promise<StoredFile | undefined> {
  const [row] = await sql<StoredFile[]>`
    select h.name, h.type, h.bytes, e.person, e.course_id as "courseId"
    from learning.handed_in h
    join learning.attempt a on a.id = h.attempt_id
    join learning.enrolment e on e.id = a.enrolment_id
    where h.id = ${id}`
  return row
}
