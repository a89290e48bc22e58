import type { Sql, Transaction } from '@colonnade/db'
import type { Teacher } from '@colonnade/instructors/contract'

/** Keeps a course's rating; true when it is another than before and the course is published. */
export async function copyRating(
  tx: Transaction,
  courseId: number,
  average: number,
  count: number,
): Promise<boolean> {
  const rows = await tx<{ published: boolean }[]>`
    update courses.course set rating_average = ${average}, rating_count = ${count},
      version = version + 1
    where id = ${courseId}
      and (rating_average, rating_count) is distinct from (${average}::numeric(3, 2), ${count}::int)
    returning revision_id is not null as published`
  return rows[0]?.published ?? false
}

/** Keeps who teaches a course; true when it is another answer than before and the course is published. */
export async function copyTeachers(
  tx: Transaction,
  courseId: number,
  teachers: readonly Teacher[],
): Promise<boolean> {
  const text = teachers.map((teacher) => `${teacher.name} ${teacher.organisation ?? ''}`).join(' ')
  const rows = await tx<{ published: boolean }[]>`
    update courses.course set teachers = ${tx.json([...teachers])}, teachers_text = ${text},
      version = version + 1
    where id = ${courseId} and teachers is distinct from ${tx.json([...teachers])}
    returning revision_id is not null as published`
  return rows[0]?.published ?? false
}

/**
 * Keeps how many learn in a course; true when its pages should say so at once. While many enrol, every one of them is no
 * reason to make the page anew: it follows within its lifetime.
 */
export async function copyLearners(
  tx: Transaction,
  courseId: number,
  learners: number,
): Promise<boolean> {
  const [row] = await tx<{ before: number; published: boolean }[]>`
    with before as (select id, learners from courses.course where id = ${courseId} for update)
    update courses.course c set learners = ${learners}, version = version + 1
    from before
    where c.id = before.id and c.learners <> ${learners}
    returning before.learners as before, c.revision_id is not null as published`
  return row ? row.published && rounded(row.before) !== rounded(learners) : false
}

/** To two digits, as people remember a number. */
const rounded = (count: number) => Number(count.toPrecision(2))

/** Ids of all courses beyond `after`, published or not. */
export async function listCourseIds(sql: Sql, after: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from courses.course where id > ${after} order by id limit ${limit}`
  return rows.map((row) => row.id)
}
