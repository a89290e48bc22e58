import type { Sql, Transaction } from '@colonnade/db'

/** How a course takes people. Instants are UTC; `seats` null: as many as come. */
export type Intake = {
  mode: 'open' | 'code' | 'closed'
  code: string | null
  startsAt: Date | null
  endsAt: Date | null
  seats: number | null
  taken: number
  /** Whether the database's clock is before `startsAt`, or beyond `endsAt`. */
  early: boolean
  over: boolean
}

/** A course that says nothing takes everybody. */
const open: Intake = {
  mode: 'open',
  code: null,
  startsAt: null,
  endsAt: null,
  seats: null,
  taken: 0,
  early: false,
  over: false,
}

export async function findIntake(sql: Sql | Transaction, courseId: number): Promise<Intake> {
  const [row] = await sql<Intake[]>`
    select mode, code, starts_at as "startsAt", ends_at as "endsAt", seats, taken,
      coalesce(starts_at > now(), false) as early, coalesce(ends_at <= now(), false) as over
    from learning.intake where course_id = ${courseId}`
  return row ?? open
}

/** Who is in already stays: fewer seats than learners are refused by the constraint `intake_seats`. */
export async function putIntake(
  sql: Sql,
  courseId: number,
  given: {
    mode: Intake['mode']
    code: string | null
    startsAt: string | null
    endsAt: string | null
    seats: number | null
  },
): Promise<void> {
  const { mode, code, startsAt, endsAt, seats } = given
  await sql`
    insert into learning.intake (course_id, mode, code, starts_at, ends_at, seats)
    values (${courseId}, ${mode}, ${code}, ${startsAt}, ${endsAt}, ${seats})
    on conflict (course_id) do update set mode = excluded.mode, code = excluded.code,
      starts_at = excluded.starts_at, ends_at = excluded.ends_at, seats = excluded.seats`
}
