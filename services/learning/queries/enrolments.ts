import type { Sql, Transaction } from '@colonnade/db'

type Connection = Sql | Transaction

export type Enrolment = {
  id: string
  person: string
  courseId: number
  revision: number
  run: string
  /** UTC instants. */
  enrolledAt: Date
  leftAt: Date | null
  completedAt: Date | null
}

const members = (sql: Connection) => sql`
  e.id, e.person, e.course_id as "courseId", e.revision, e.run, e.enrolled_at as "enrolledAt", e.left_at as "leftAt",
  e.completed_at as "completedAt"`

export async function findEnrolment(sql: Connection, id: string): Promise<Enrolment | undefined> {
  const [row] = await sql<Enrolment[]>`
    select ${members(sql)} from learning.enrolment e where e.id = ${id}`
  return row
}

/** A person's enrolment in a course, also when they left it. */
export async function findEnrolmentOf(
  sql: Connection,
  person: string,
  courseId: number,
): Promise<Enrolment | undefined> {
  const [row] = await sql<Enrolment[]>`
    select ${members(sql)} from learning.enrolment e
    where e.person = ${person} and e.course_id = ${courseId}`
  return row
}

/** Where a person is enrolled, the latest first. */
export async function listEnrolments(sql: Connection, person: string): Promise<Enrolment[]> {
  return await sql<Enrolment[]>`
    select ${members(sql)} from learning.enrolment e
    where e.person = ${person} and e.left_at is null order by e.enrolled_at desc, e.id`
}

/**
 * Makes whoever changes these enrolments, or adds to their logs, wait until the transaction ends. Always by this order,
 * so that two never wait for each other.
 * @returns them and the database's clock, in milliseconds since 1970
 */
export async function lockEnrolments(
  tx: Transaction,
  ids: readonly string[],
): Promise<(Enrolment & { now: number })[]> {
  return await tx<(Enrolment & { now: number })[]>`
    select ${members(tx)}, (extract(epoch from clock_timestamp()) * 1000)::float8 as now
    from learning.enrolment e where e.id = any(${ids}::uuid[]) order by e.id for no key update`
}

/**
 * Enrols a person, or takes them back who left. A seat is taken in the same statement; the constraint `intake_seats`
 * refuses the one too many.
 */
export async function enrol(
  tx: Transaction,
  given: { id: string; person: string; courseId: number; revision: number },
): Promise<{ enrolment: Enrolment; fresh: boolean }> {
  await tx`
    insert into learning.intake as i (course_id, taken) values (${given.courseId}, 1)
    on conflict (course_id) do update set taken = i.taken + 1`
  // The count's row is held from here on: whoever enrols in this course waits.
  const before = await findEnrolmentOf(tx, given.person, given.courseId)
  if (before && before.leftAt === null) {
    await tx`update learning.intake set taken = taken - 1 where course_id = ${given.courseId}`
    return { enrolment: before, fresh: false }
  }
  const [enrolment] = await tx<Enrolment[]>`
    insert into learning.enrolment as e (id, person, course_id, revision)
    values (${given.id}, ${given.person}, ${given.courseId}, ${given.revision})
    on conflict (person, course_id) do update set left_at = null
    returning ${members(tx)}`
  if (!enrolment) throw new Error('an enrolment was not stored')
  await tellLearners(tx, given.courseId)
  return { enrolment, fresh: true }
}

/**
 * Takes a person out of a course; their work stays. The count's row is locked first, as by `enrol`, so that two never
 * wait for each other.
 * @returns whether they were in it
 */
export async function leave(
  tx: Transaction,
  { id, courseId }: { id: string; courseId: number },
): Promise<boolean> {
  await tx`select from learning.intake where course_id = ${courseId} for update`
  const left = await tx`
    update learning.enrolment set left_at = now() where id = ${id} and left_at is null returning id`
  if (left.length === 0) return false
  await tx`update learning.intake set taken = greatest(taken - 1, 0) where course_id = ${courseId}`
  await tellLearners(tx, courseId)
  return true
}

/** Courses copies the number of learners when it hears of this. */
async function tellLearners(tx: Transaction, courseId: number): Promise<void> {
  await tx`
    insert into learning.outbox (type, subject) values ('learning.enrolled', ${`learners-of:${courseId}`})`
}

/** How many are enrolled in each of these courses. */
export async function listLearnerCounts(
  sql: Connection,
  courseIds: readonly number[],
): Promise<{ courseId: number; learners: number }[]> {
  return await sql<{ courseId: number; learners: number }[]>`
    select course_id as "courseId", taken as learners from learning.intake
    where course_id = any(${courseIds}::bigint[])`
}

/** Which course each of these enrolments is in. */
export async function findCourseOf(
  sql: Connection,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await sql<{ id: string; courseId: number }[]>`
    select id, course_id as "courseId" from learning.enrolment where id = any(${ids}::uuid[])`
  return new Map(rows.map(({ id, courseId }) => [id, courseId]))
}
