import type { Sql, Transaction } from '@colonnade/db'
import type { Version } from '../log/judge.ts'

type Connection = Sql | Transaction

/** A row of the log to be written; `at` in milliseconds since 1970, `data` as the device gave it. */
export type LogRow = {
  enrolment: string
  id: string
  type: string
  at: number
  receivedAt: number
  lesson: string | null
  item: string | null
  attempt: string | null
  question: string | null
  after: string | null
  settles: readonly string[]
  data: unknown
  state: 'kept' | 'late' | 'refused'
  why: string | null
}

/** A row of the log as its owner reads it. */
export type KeptEntry = {
  id: string
  place: number
  type: string
  at: number
  receivedAt: string
  lesson: string | null
  item: string | null
  attempt: string | null
  question: string | null
  after: string | null
  data: unknown
  state: 'kept' | 'late' | 'refused'
  why: string | null
}

export type Named = { enrolment: string; id: string }
export type NamedSubject = { enrolment: string; subject: string }
export type HeadRow = NamedSubject & { entry: string }

const unzip = (rows: readonly HeadRow[]) =>
  [
    rows.map(({ enrolment }) => enrolment),
    rows.map(({ subject }) => subject),
    rows.map(({ entry }) => entry),
  ] as const

/**
 * Those of the named ids that the log holds. Here and below limits keep each look-up a search by key: a plan made while
 * the table was small would read all of it, until the table is analysed again.
 */
export async function listKnown(sql: Connection, named: readonly Named[]): Promise<Named[]> {
  return await sql<Named[]>`
    select l.enrolment_id as enrolment, l.id
    from unnest(${named.map(({ enrolment }) => enrolment)}::uuid[], ${named.map(({ id }) => id)}::uuid[])
      as one (enrolment, id)
    cross join lateral (
      select log.enrolment_id, log.id from learning.log
      where log.enrolment_id = one.enrolment and log.id = one.id limit 1
    ) l`
}

/** The versions of subjects that none other follows. */
export async function listHeadsOf(
  sql: Connection,
  subjects: readonly NamedSubject[],
): Promise<(NamedSubject & Version)[]> {
  return await sql<(NamedSubject & Version)[]>`
    select h.enrolment_id as enrolment, h.subject, h.entry as id, l.at
    from unnest(${subjects.map(({ enrolment }) => enrolment)}::uuid[],
      ${subjects.map(({ subject }) => subject)}::text[]) as one (enrolment, subject)
    cross join lateral (
      select head.enrolment_id, head.subject, head.entry from learning.head
      where head.enrolment_id = one.enrolment and head.subject = one.subject limit 1000
    ) h
    cross join lateral (
      select log.at from learning.log where log.enrolment_id = h.enrolment_id and log.id = h.entry limit 1
    ) l`
}

/** Versions of subjects that were followed before they came. */
export async function listAwaited(
  sql: Connection,
  subjects: readonly NamedSubject[],
): Promise<HeadRow[]> {
  return await sql<HeadRow[]>`
    select a.enrolment_id as enrolment, a.subject, a.entry
    from unnest(${subjects.map(({ enrolment }) => enrolment)}::uuid[],
      ${subjects.map(({ subject }) => subject)}::text[]) as one (enrolment, subject)
    cross join lateral (
      select awaited.* from learning.awaited
      where awaited.enrolment_id = one.enrolment and awaited.subject = one.subject limit 1000
    ) a`
}

/** Adds to the log, in this order. The enrolments must be locked. */
export async function addEntries(tx: Transaction, rows: readonly LogRow[]): Promise<void> {
  await tx`
    insert into learning.log (enrolment_id, id, type, at, received_at, lesson, item, attempt, question, after,
      settles, data, state, why)
    select enrolment, id, type, at, to_timestamp("receivedAt" / 1000.0), lesson, item, attempt, question, after,
      settles, data, state, why
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as one (
      enrolment uuid, id uuid, type text, at bigint, "receivedAt" double precision, lesson text, item text,
      attempt uuid, question text, after uuid, settles uuid[], data jsonb, state text, why text)`
}

export async function addHeads(tx: Transaction, rows: readonly HeadRow[]): Promise<void> {
  const [enrolments, subjects, entries] = unzip(rows)
  await tx`
    insert into learning.head (enrolment_id, subject, entry)
    select * from unnest(${enrolments}::uuid[], ${subjects}::text[], ${entries}::uuid[])`
}

export async function removeHeads(tx: Transaction, rows: readonly HeadRow[]): Promise<void> {
  const [enrolments, subjects, entries] = unzip(rows)
  await tx`
    delete from learning.head where ctid = any(array(
      select h.ctid
      from unnest(${enrolments}::uuid[], ${subjects}::text[], ${entries}::uuid[]) as one (enrolment, subject, entry)
      cross join lateral (
        select head.ctid from learning.head
        where head.enrolment_id = one.enrolment and head.subject = one.subject and head.entry = one.entry limit 1
      ) h))`
}

export async function addAwaited(tx: Transaction, rows: readonly HeadRow[]): Promise<void> {
  const [enrolments, subjects, entries] = unzip(rows)
  await tx`
    insert into learning.awaited (enrolment_id, subject, entry)
    select * from unnest(${enrolments}::uuid[], ${subjects}::text[], ${entries}::uuid[])
    on conflict do nothing`
}

export async function removeAwaited(tx: Transaction, rows: readonly HeadRow[]): Promise<void> {
  const [enrolments, subjects, entries] = unzip(rows)
  await tx`
    delete from learning.awaited a
    using unnest(${enrolments}::uuid[], ${subjects}::text[], ${entries}::uuid[]) as one (enrolment, subject, entry)
    where a.enrolment_id = one.enrolment and a.subject = one.subject and a.entry = one.entry`
}

const members = (sql: Connection) => sql`
  l.id, l.place, l.type, l.at, to_json(l.received_at) #>> '{}' as "receivedAt", l.lesson, l.item, l.attempt,
  l.question, l.after, l.data, l.state, l.why`

/** What happened after a place in the log, from every device, in the order in which it came. */
export async function listEntries(
  sql: Connection,
  enrolment: string,
  { after, limit }: { after: number; limit: number },
): Promise<KeptEntry[]> {
  return await sql<KeptEntry[]>`
    select ${members(sql)} from learning.log l
    where l.enrolment_id = ${enrolment} and l.place > ${after} order by l.place limit ${limit}`
}

/**
 * The versions that stand now, of subjects that begin with `begin`: `note `, `position `, `check `, or
 * `answer {attempt} `. More than one of a subject are at odds.
 */
export async function listHeads(
  sql: Connection,
  enrolment: string,
  begin: string,
): Promise<(KeptEntry & { subject: string })[]> {
  return await sql<(KeptEntry & { subject: string })[]>`
    select h.subject, ${members(sql)}
    from learning.head h join learning.log l on l.enrolment_id = h.enrolment_id and l.id = h.entry
    where h.enrolment_id = ${enrolment} and h.subject >= ${begin} and h.subject < ${`${begin.slice(0, -1)}!`}
    order by h.subject, l.at desc, l.id desc`
}

/** What came for an attempt and does not count: too late, or not of it. */
export async function listLate(sql: Connection, attempt: string): Promise<KeptEntry[]> {
  return await sql<KeptEntry[]>`
    select ${members(sql)} from learning.log l
    where l.attempt = ${attempt} and l.state <> 'kept' order by l.place`
}
