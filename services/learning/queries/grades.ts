import type { Sql, Transaction } from '@colonnade/db'

type Connection = Sql | Transaction

/** A grade as it is kept: the latest that log, marks and revision came to. */
export type KeptGrade = {
  enrolmentId: string
  revision: number
  share: number
  threshold: string | null
  /** Questions that wait for a teacher. */
  waiting: number
  gradedAt: Date
}

export async function listGrades(
  sql: Connection,
  enrolments: readonly string[],
): Promise<KeptGrade[]> {
  return await sql<KeptGrade[]>`
    select enrolment_id as "enrolmentId", revision, share, threshold, waiting, graded_at as "gradedAt"
    from learning.grade where enrolment_id = any(${enrolments}::uuid[])`
}

export type NewGrade = Omit<KeptGrade, 'gradedAt'>

export async function putGrades(tx: Transaction, grades: readonly NewGrade[]): Promise<void> {
  await tx`
    insert into learning.grade as g (enrolment_id, revision, share, threshold, waiting)
    select * from unnest(${grades.map((one) => one.enrolmentId)}::uuid[],
      ${grades.map((one) => one.revision)}::integer[], ${grades.map((one) => one.share)}::double precision[],
      ${grades.map((one) => one.threshold)}::text[], ${grades.map((one) => one.waiting)}::integer[])
    on conflict (enrolment_id) do update set revision = excluded.revision, share = excluded.share,
      threshold = excluded.threshold, waiting = excluded.waiting, graded_at = now()`
}

/** Notes that these have completed their course; those who had not before are told of, and due a certificate. */
export async function complete(tx: Transaction, enrolments: readonly string[]): Promise<void> {
  await tx`
    with done as (
      update learning.enrolment set completed_at = now()
      where id = any(${enrolments}::uuid[]) and completed_at is null
      returning id, course_id
    ), due as (
      insert into learning.certificate_due (enrolment) select id from done on conflict do nothing
    )
    insert into learning.outbox (type, subject, data)
    select 'learning.completed', 'enrolment:' || id,
      jsonb_build_object('enrolment', id, 'courseId', course_id) from done`
}
