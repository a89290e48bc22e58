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
  // Marks are joined once for all: few attempts have any, and looking for them attempt by attempt took a third of the time.
  return await sql<WorkRow[]>`
    with marked as (
      select a.enrolment_id, a.id, a.marks, json_agg(json_build_object('question', m.question,
        'points', m.points, 'verdict', m.verdict, 'regradeId', m.regrade_id, 'rubric', m.rubric,
        'comment', m.comment) order by m.id) as given
      from learning.attempt a join learning.mark m on m.attempt_id = a.id
      where a.enrolment_id = any(${enrolments}::uuid[]) and a.ended_at is not null
      group by a.id
    ), marked_of as (
      select enrolment_id, json_agg(json_build_object('attempt', id, 'marks', marks, 'given', given)) as list
      from marked group by enrolment_id
    )
    select e.id as enrolment, e.course_id as "courseId", e.revision,
      (extract(epoch from e.enrolled_at) * 1000)::float8 as "enrolledAt",
      e.completed_at is not null as completed,
      coalesce((
        select json_agg(json_build_array(a.id, a.item, a.number,
          (date_part('epoch', a.ended_at) * 1000)::bigint, a.points, a.out_of, a.waiting))
        from learning.attempt a where a.enrolment_id = e.id and a.ended_at is not null), '[]') as attempts,
      coalesce(marked_of.list, '[]') as marked,
      coalesce((
        select json_agg(json_build_object('item', x.item, 'due', (extract(epoch from x.due_at) * 1000)::bigint))
        from learning.extension x where x.enrolment_id = e.id and x.due_at is not null), '[]') as extensions,
      array(select p.lesson from learning.progress p
        where p.enrolment_id = e.id and p.done_at is not null) as done
    from learning.enrolment e left join marked_of on marked_of.enrolment_id = e.id
    where e.id = any(${enrolments}::uuid[])`
}
