import type { Sql, Transaction } from '@colonnade/db'
import type { Answer } from '@colonnade/questions'
import type { KeptMark } from './attempts.ts'

type Connection = Sql | Transaction

/** Before every id. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** A learner as the course's teacher sees them. */
export type Learner = {
  enrolment: string
  person: string
  revision: number
  enrolledAt: Date
  leftAt: Date | null
  completedAt: Date | null
  /** When they last did something in a lesson. */
  lastAt: Date | null
  /** Keys of the lessons done. */
  done: string[]
  share: number | null
  threshold: string | null
  waiting: number
}

/** Who learns, or learned, in a course, in the order in which they enrolled. */
export async function listLearners(
  sql: Connection,
  courseId: number,
  { after, limit }: { after: string; limit: number },
): Promise<Learner[]> {
  return await sql<Learner[]>`
    select e.id as enrolment, e.person, e.revision, e.enrolled_at as "enrolledAt", e.left_at as "leftAt",
      e.completed_at as "completedAt", p.last_at as "lastAt", coalesce(p.done, '{}') as done, g.share, g.threshold,
      coalesce(g.waiting, 0) as waiting
    from learning.enrolment e
    left join lateral (
      select max(last_at) as last_at, array_agg(lesson) filter (where done_at is not null) as done
      from learning.progress where enrolment_id = e.id
    ) p on true
    left join learning.grade g on g.enrolment_id = e.id
    where e.course_id = ${courseId} and e.id > ${after} order by e.id limit ${limit}`
}

/** One lesson over all learners of a course. */
export type LessonFigures = {
  lesson: string
  /** Learners who came to it, did it, and were last seen in it without having done it. */
  reached: number
  done: number
  left: number
  /** Median of the seconds spent on it by those who came. */
  seconds: number
}

export async function listLessonFigures(sql: Sql, courseId: number): Promise<LessonFigures[]> {
  return await sql<LessonFigures[]>`
    with own as (
      select p.*, row_number() over (partition by p.enrolment_id order by p.last_at desc, p.lesson) as place
      from learning.enrolment e join learning.progress p on p.enrolment_id = e.id
      where e.course_id = ${courseId}
    )
    select lesson, count(*)::int as reached, count(done_at)::int as done,
      (count(*) filter (where place = 1 and done_at is null))::int as left,
      percentile_disc(0.5) within group (order by seconds) as seconds
    from own group by lesson`
}

/** An attempt that counts for an analysis. */
export type Analysed = { answers: Record<string, Answer>; marks: KeptMark[]; points: number }

/** The first ended attempt of each learner at an item: later ones know the answers. At most `limit`, the latest. */
export async function listFirstAttempts(
  sql: Sql,
  courseId: number,
  item: string,
  limit: number,
): Promise<Analysed[]> {
  return await sql<Analysed[]>`
    select a.answers, a.marks, a.points
    from learning.enrolment e
    join learning.attempt a on a.enrolment_id = e.id and a.item = ${item} and a.number = 1
    where e.course_id = ${courseId} and a.ended_at is not null
    order by a.ended_at desc limit ${limit}`
}

/** An essay that nobody has marked. */
export type WaitingEssay = {
  attempt: string
  enrolment: string
  person: string
  item: string
  number: number
  revision: number
  endedAt: Date
  waiting: number
}

/** Attempts with questions that wait for a teacher, those that wait longest first. */
export async function listWaiting(
  sql: Sql,
  courseId: number,
  { after, limit }: { after: readonly [string, string] | undefined; limit: number },
): Promise<WaitingEssay[]> {
  // As exact as a cursor tells it.
  const instant = sql`date_trunc('milliseconds', a.ended_at)`
  return await sql<WaitingEssay[]>`
    select a.id as attempt, e.id as enrolment, e.person, a.item, a.number, a.revision, a.ended_at as "endedAt",
      a.waiting
    from learning.enrolment e join learning.attempt a on a.enrolment_id = e.id
    where e.course_id = ${courseId} and a.waiting > 0
      and (${instant}, a.id) > (${after?.[0] ?? '-infinity'}::text::timestamptz, ${after?.[1] ?? nobody}::uuid)
    order by ${instant}, a.id limit ${limit}`
}

/** Sets how many questions of an attempt wait for a teacher. */
export async function setWaiting(tx: Transaction, attempt: string, waiting: number): Promise<void> {
  await tx`update learning.attempt set waiting = ${waiting} where id = ${attempt}`
}
