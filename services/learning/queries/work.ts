import type { Sql, Transaction } from '@colonnade/db'
import type { KeptMark, MarkRow } from './attempts.ts'

/** `[id, item, number, endedAt, points, outOf, waiting]`: an array, because thousands of them are read at once. */
export type AttemptTuple = [string, string, number, number, number, number, number]

/** All that an enrolment's grade follows from; instants in milliseconds since 1970. */
export type WorkRow = {
  enrolment: string
  courseId: number
  revision: number
  enrolledAt: number
  completed: boolean
  /** Ended ones, in no order. */
  attempts: AttemptTuple[]
  /** Those among them that were marked again. */
  marked: {
    attempt: string
    marks: KeptMark[]
    given: Pick<MarkRow, 'question' | 'points' | 'verdict' | 'regradeId' | 'rubric' | 'comment'>[]
  }[]
  extensions: { item: string; due: number }[]
  done: string[]
}

export async function listWork(
  sql: Sql | Transaction,
  enrolments: readonly string[],
): Promise<WorkRow[]> {
  return await sql<WorkRow[]>`
    select ${work(sql)} from learning.enrolment e where e.id = any(${enrolments}::uuid[])`
}

const work = (sql: Sql | Transaction) => sql`
  e.id as enrolment, e.course_id as "courseId", e.revision,
  (extract(epoch from e.enrolled_at) * 1000)::float8 as "enrolledAt", e.completed_at is not null as completed,
  coalesce((
    select json_agg(json_build_array(a.id, a.item, a.number, (extract(epoch from a.ended_at) * 1000)::bigint,
      a.points, a.out_of, a.waiting))
    from learning.attempt a where a.enrolment_id = e.id and a.ended_at is not null), '[]') as attempts,
  coalesce((
    select json_agg(json_build_object('attempt', a.id, 'marks', a.marks, 'given', given.list))
    from learning.attempt a
    cross join lateral (
      select json_agg(json_build_object('question', m.question, 'points', m.points, 'verdict', m.verdict,
        'regradeId', m.regrade_id, 'rubric', m.rubric, 'comment', m.comment) order by m.id) as list
      from learning.mark m where m.attempt_id = a.id
    ) given
    where a.enrolment_id = e.id and a.ended_at is not null and given.list is not null), '[]') as marked,
  coalesce((
    select json_agg(json_build_object('item', x.item, 'due', (extract(epoch from x.due_at) * 1000)::bigint))
    from learning.extension x where x.enrolment_id = e.id and x.due_at is not null), '[]') as extensions,
  array(select p.lesson from learning.progress p where p.enrolment_id = e.id and p.done_at is not null) as done`
