import type { Sql, Transaction } from '@colonnade/db'

type Connection = Sql | Transaction

/** What an enrolment's entries say of one lesson; instants in milliseconds since 1970. */
export type LessonStep = {
  enrolment: string
  lesson: string
  reachedAt: number
  lastAt: number
  seconds: number
  doneAt: number | null
}

/** Between two entries of a lesson at most so many seconds count as time spent on it. */
const mostSeconds = 300

/** Adds up what came; done stays done, at the earliest time that is told. */
export async function addProgress(tx: Transaction, steps: readonly LessonStep[]): Promise<void> {
  await tx`
    insert into learning.progress as p (enrolment_id, lesson, reached_at, last_at, seconds, done_at)
    select enrolment, lesson, to_timestamp("reachedAt" / 1000.0), to_timestamp("lastAt" / 1000.0), seconds,
      to_timestamp("doneAt" / 1000.0)
    from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as one (enrolment uuid, lesson text,
      "reachedAt" double precision, "lastAt" double precision, seconds integer, "doneAt" double precision)
    on conflict (enrolment_id, lesson) do update set
      reached_at = least(p.reached_at, excluded.reached_at),
      last_at = greatest(p.last_at, excluded.last_at),
      seconds = p.seconds + excluded.seconds
        + least(greatest(extract(epoch from excluded.reached_at - p.last_at), 0), ${mostSeconds})::integer,
      done_at = least(p.done_at, excluded.done_at)`
}

/** Where somebody is in one lesson. */
export type LessonProgress = {
  enrolmentId: string
  lesson: string
  reachedAt: Date
  lastAt: Date
  seconds: number
  doneAt: Date | null
}

export async function listProgress(
  sql: Connection,
  enrolments: readonly string[],
): Promise<LessonProgress[]> {
  return await sql<LessonProgress[]>`
    select enrolment_id as "enrolmentId", lesson, reached_at as "reachedAt", last_at as "lastAt", seconds,
      done_at as "doneAt"
    from learning.progress where enrolment_id = any(${enrolments}::uuid[])`
}
