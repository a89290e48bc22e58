import type { Sql, Transaction } from '@colonnade/db'
import type { Answer } from '@colonnade/questions'
import type { KeptMark, MarkRow } from './attempts.ts'

type Connection = Sql | Transaction

/** An ended attempt as marking it again needs it: `given` are its later marks, in their order. */
export type Remarkable = {
  id: string
  enrolmentId: string
  item: string
  answers: Record<string, Answer>
  marks: KeptMark[]
  given: Pick<MarkRow, 'question' | 'points' | 'verdict' | 'regradeId' | 'rubric' | 'comment'>[]
}

/** Ended attempts of these enrolments at these items. */
export async function listRemarkable(
  sql: Connection,
  enrolments: readonly string[],
  items: readonly string[],
): Promise<Remarkable[]> {
  return await sql<Remarkable[]>`
    select a.id, a.enrolment_id as "enrolmentId", a.item, a.answers, a.marks, coalesce((
      select json_agg(json_build_object('question', m.question, 'points', m.points, 'verdict', m.verdict,
        'regradeId', m.regrade_id, 'rubric', m.rubric, 'comment', m.comment) order by m.id)
      from learning.mark m where m.attempt_id = a.id), '[]') as given
    from learning.attempt a
    where a.enrolment_id = any(${enrolments}::uuid[]) and a.item = any(${items}::text[])
      and a.ended_at is not null`
}

export async function addRegrade(
  sql: Sql,
  given: { id: string; courseId: number; revision: number; by: string | null; reason: string },
): Promise<void> {
  const { id, courseId, revision, by, reason } = given
  await sql`
    insert into learning.regrade (id, course_id, revision, by, reason)
    values (${id}, ${courseId}, ${revision}, ${by}, ${reason})`
}

/** Ends a regrading and tells of it. */
export async function endRegrade(
  tx: Transaction,
  given: { id: string; courseId: number; changed: number },
): Promise<void> {
  const { id, courseId, changed } = given
  await tx`update learning.regrade set changed = ${changed} where id = ${id}`
  await tx`
    insert into learning.outbox (type, subject, data)
    values ('learning.regraded', ${`grades-of:${courseId}`}, ${tx.json({ regrade: id, courseId, changed })})`
}

export type Regrade = {
  id: string
  revision: number
  by: string | null
  reason: string
  /** Null while it is under way, or was broken off. */
  changed: number | null
  at: Date
}

export async function listRegrades(sql: Sql, courseId: number): Promise<Regrade[]> {
  return await sql<Regrade[]>`
    select id, revision, by, reason, changed, at from learning.regrade
    where course_id = ${courseId} order by at desc, id desc limit 100`
}

/** Pins enrolments to another revision; they must be locked. */
export async function moveTo(
  tx: Transaction,
  enrolments: readonly { id: string; revision: number }[],
  given: { revision: number; by: string | null },
): Promise<void> {
  const ids = enrolments.map(({ id }) => id)
  await tx`
    insert into learning.move (enrolment_id, from_revision, to_revision, by)
    select id, revision, ${given.revision}, ${given.by}::uuid
    from unnest(${ids}::uuid[], ${enrolments.map(({ revision }) => revision)}::integer[]) as one (id, revision)`
  await tx`
    update learning.enrolment set revision = ${given.revision} where id = any(${ids}::uuid[])`
}

/** Ids of all who ever enrolled in a course, in their order; of those not at `revision`, where it is given. */
export async function listEnrolmentIds(
  sql: Connection,
  courseId: number,
  other?: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from learning.enrolment
    where course_id = ${courseId} ${other === undefined ? sql`` : sql`and revision <> ${other}`} order by id`
  return rows.map(({ id }) => id)
}
