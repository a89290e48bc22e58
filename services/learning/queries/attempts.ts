import type { Sql, Transaction } from '@colonnade/db'
import type { Answer, Verdict } from '@colonnade/questions'

type Connection = Sql | Transaction

/** What a question of an attempt earned, without the author's words on it. */
export type KeptMark = {
  question: string
  points: number
  of: number
  verdict: Verdict
  right: number
  parts: number
}

/** `revision` is the one whose questions were asked; what is null is so until the attempt ends. */
export type Attempt = {
  id: string
  enrolmentId: string
  item: string
  number: number
  revision: number
  seed: string
  startedAt: Date
  endsAt: Date | null
  endedAt: Date | null
  endedBy: 'submit' | 'time' | null
  answers: Record<string, Answer> | null
  marks: KeptMark[] | null
  points: number | null
  outOf: number | null
}

const members = (sql: Connection) => sql`
  a.id, a.enrolment_id as "enrolmentId", a.item, a.number, a.revision, a.seed, a.started_at as "startedAt",
  a.ends_at as "endsAt", a.ended_at as "endedAt", a.ended_by as "endedBy", a.answers, a.marks, a.points,
  a.out_of as "outOf"`

export async function findAttempt(sql: Connection, id: string): Promise<Attempt | undefined> {
  const [row] = await sql<
    Attempt[]
  >`select ${members(sql)} from learning.attempt a where a.id = ${id}`
  return row
}

export async function listAttempts(sql: Connection, ids: readonly string[]): Promise<Attempt[]> {
  return await sql<Attempt[]>`
    select ${members(sql)} from unnest(${ids}::uuid[]) as one (id)
    cross join lateral (select * from learning.attempt where attempt.id = one.id limit 1) a`
}

/** Attempts of an enrolment in their order; with `item`, at that one. */
export async function listAttemptsOf(
  sql: Connection,
  enrolment: string,
  item?: string,
): Promise<Attempt[]> {
  return await sql<Attempt[]>`
    select ${members(sql)} from learning.attempt a
    where a.enrolment_id = ${enrolment} ${item === undefined ? sql`` : sql`and a.item = ${item}`}
    order by a.item, a.number`
}

/** All attempts of these enrolments, by their numbers. */
export async function listAttemptsIn(
  sql: Connection,
  enrolments: readonly string[],
): Promise<Attempt[]> {
  return await sql<Attempt[]>`
    select ${members(sql)} from unnest(${enrolments}::uuid[]) as one (id)
    cross join lateral (
      select * from learning.attempt where attempt.enrolment_id = one.id limit 100000
    ) a
    order by a.number`
}

/** `minutes` null: without a limit. */
export type NewAttempt = {
  id: string
  enrolmentId: string
  item: string
  number: number
  revision: number
  seed: string
  minutes: number | null
}

/** Starts attempts; their enrolments must be locked. */
export async function addAttempts(
  tx: Transaction,
  given: readonly NewAttempt[],
): Promise<Attempt[]> {
  return await tx<Attempt[]>`
    insert into learning.attempt as a (id, enrolment_id, item, number, revision, seed, ends_at)
    select id, "enrolmentId", item, number, revision, seed, now() + minutes * interval '1 minute'
    from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as one (id uuid, "enrolmentId" uuid, item text,
      number integer, revision integer, seed text, minutes double precision)
    returning ${members(tx)}`
}

/** What learners have answered in these attempts, the latest of each question. */
export async function listAnswers(
  tx: Transaction,
  attempts: readonly { id: string; enrolmentId: string }[],
): Promise<{ attempt: string; question: string; answer: Answer }[]> {
  return await tx<{ attempt: string; question: string; answer: Answer }[]>`
    select distinct on (one.attempt, h.subject) one.attempt, l.question, l.data -> 'answer' as answer
    from unnest(${attempts.map(({ enrolmentId }) => enrolmentId)}::uuid[],
      ${attempts.map(({ id }) => id)}::uuid[]) as one (enrolment, attempt)
    cross join lateral (
      select * from learning.head
      where head.enrolment_id = one.enrolment and head.subject >= 'answer ' || one.attempt || ' '
        and head.subject < 'answer ' || one.attempt || '!' limit 50000
    ) h
    cross join lateral (
      select * from learning.log where log.enrolment_id = h.enrolment_id and log.id = h.entry limit 1
    ) l
    order by one.attempt, h.subject, l.at desc, l.id desc`
}

export type EndedAttempt = {
  id: string
  /** Milliseconds since 1970; null: now. */
  at: number | null
  by: 'submit' | 'time'
  answers: Record<string, Answer>
  marks: KeptMark[]
  points: number
  outOf: number
  waiting: number
}

/** Ends attempts with what they came to; one that is over stays as it is. */
export async function endAttempts(tx: Transaction, ended: readonly EndedAttempt[]): Promise<void> {
  await tx`
    update learning.attempt a
    set ended_at = coalesce(to_timestamp(one.at / 1000.0), now()), ended_by = one.by, answers = one.answers,
      marks = one.marks, points = one.points, out_of = one."outOf", waiting = one.waiting
    from jsonb_to_recordset(${JSON.stringify(ended)}::text::jsonb) as one (id uuid, at double precision,
      by text, answers jsonb, marks jsonb, points double precision, "outOf" double precision,
      waiting integer)
    where a.id = one.id and a.ended_at is null`
}

/** Attempts whose time has been over for a while, and that nobody has ended. */
export async function listOverdue(
  sql: Sql,
  limit: number,
): Promise<{ id: string; enrolmentId: string }[]> {
  return await sql<{ id: string; enrolmentId: string }[]>`
    select id, enrolment_id as "enrolmentId" from learning.attempt
    where ended_at is null and ends_at < now() - interval '2 s' order by ends_at limit ${limit}`
}

/** A mark of one question, by a teacher or (with `regradeId`) by a regrading. */
export type MarkRow = {
  id: string
  attemptId: string
  question: string
  points: number
  verdict: Verdict | null
  by: string | null
  regradeId: string | null
  rubric: Record<string, number>
  comment: string
}

/** Marks of these attempts in the order in which they were given. */
export async function listMarks(
  sql: Connection,
  attempts: readonly string[],
): Promise<(MarkRow & { at: Date })[]> {
  return await sql<(MarkRow & { at: Date })[]>`
    select id, attempt_id as "attemptId", question, points, verdict, by, regrade_id as "regradeId", rubric,
      comment, at
    from learning.mark where attempt_id = any(${attempts}::uuid[]) order by attempt_id, id`
}

export async function addMarks(tx: Transaction, marks: readonly MarkRow[]): Promise<void> {
  await tx`
    insert into learning.mark (id, attempt_id, question, points, verdict, by, regrade_id, rubric, comment)
    select id, "attemptId", question, points, verdict, by, "regradeId", rubric, comment
    from jsonb_to_recordset(${JSON.stringify(marks)}::text::jsonb) as one (id uuid, "attemptId" uuid,
      question text, points double precision, verdict text, by uuid, "regradeId" uuid, rubric jsonb, comment text)`
}

/** The most generous of an enrolment's extensions for each item. */
export type Extension = {
  enrolmentId: string
  item: string
  dueAt: Date | null
  minutes: number | null
  attempts: number | null
}

export async function listExtensions(
  sql: Connection,
  enrolments: readonly string[],
): Promise<Extension[]> {
  return await sql<Extension[]>`
    select enrolment_id as "enrolmentId", item, max(due_at) as "dueAt", max(minutes) as minutes,
      max(attempts) as attempts
    from learning.extension where enrolment_id = any(${enrolments}::uuid[]) group by enrolment_id, item`
}

/** Gives more time or attempts; an attempt that runs gets the time too. The enrolment must be locked. */
export async function addExtension(
  tx: Transaction,
  given: {
    id: string
    enrolmentId: string
    item: string
    dueAt: string | null
    minutes: number | null
    attempts: number | null
    by: string | null
    reason: string
  },
): Promise<void> {
  const { id, enrolmentId, item, dueAt, minutes, attempts, by, reason } = given
  const [before] = await tx<{ minutes: number | null }[]>`
    select max(minutes) as minutes from learning.extension
    where enrolment_id = ${enrolmentId} and item = ${item}`
  await tx`
    insert into learning.extension (id, enrolment_id, item, due_at, minutes, attempts, by, reason)
    values (${id}, ${enrolmentId}, ${item}, ${dueAt}, ${minutes}, ${attempts}, ${by}, ${reason})
    on conflict (id) do nothing`
  const more = (minutes ?? 0) - (before?.minutes ?? 0)
  if (more > 0) {
    await tx`
      update learning.attempt set ends_at = ends_at + ${more} * interval '1 minute'
      where enrolment_id = ${enrolmentId} and item = ${item} and ended_at is null`
  }
}
