import type { Sql } from '@colonnade/db'

/** Revisions of courses that somebody is learning now. */
export async function listLearned(sql: Sql): Promise<{ courseId: number; revision: number }[]> {
  return await sql<{ courseId: number; revision: number }[]>`
    select distinct course_id as "courseId", revision from learning.enrolment
    where left_at is null and completed_at is null`
}

export type Owing = { enrolment: string; person: string; dueAt: Date }

/**
 * Who has not handed in an item that is due for them within a day, and was not told. What a teacher extended counts.
 * @param due the instant for everybody, in milliseconds since 1970, or days after enrolling
 */
export async function listOwing(
  sql: Sql,
  given: { courseId: number; revision: number; item: string },
  due: { at: number } | { days: number },
  limit: number,
): Promise<Owing[]> {
  const { courseId, revision, item } = given
  const usual =
    'at' in due
      ? sql`to_timestamp(${due.at / 1000}::float8)`
      : sql`e.enrolled_at + ${due.days}::float8 * interval '24 hours'`
  return await sql<Owing[]>`
    select owing.* from (
      select e.id as enrolment, e.person, greatest(${usual}, (
        select max(x.due_at) from learning.extension x where x.enrolment_id = e.id and x.item = ${item}
      )) as "dueAt"
      from learning.enrolment e
      where e.course_id = ${courseId} and e.revision = ${revision} and e.left_at is null
        and e.completed_at is null
        and not exists (
          select from learning.attempt a
          where a.enrolment_id = e.id and a.item = ${item} and a.ended_at is not null)
        and not exists (
          select from learning.reminder r where r.enrolment_id = e.id and r.item = ${item})
    ) owing
    where owing."dueAt" > now() and owing."dueAt" <= now() + interval '24 hours'
    order by owing."dueAt" limit ${limit}`
}

/** Notes that somebody was told, or did not want to be. */
export async function addReminder(sql: Sql, { enrolment, dueAt }: Owing, item: string) {
  await sql`
    insert into learning.reminder (enrolment_id, item, due_at) values (${enrolment}, ${item}, ${dueAt})
    on conflict do nothing`
}
