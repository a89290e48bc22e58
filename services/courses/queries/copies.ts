import type { Sql, Transaction } from '@colonnade/db'
import type { CourseTeachers } from '@colonnade/instructors/contract'
import type { CourseLearners } from '@colonnade/learning/contract'
import type { Summary } from '@colonnade/reviews/contract'

// Several copies may be made at once, of the same courses: all lock in the order of the courses' ids, and none in a circle.

/** Keeps the ratings of courses. @returns the published ones whose rating is another than before */
export async function copyRatings(
  tx: Transaction,
  ratings: readonly Pick<Summary, 'courseId' | 'average' | 'count'>[],
): Promise<number[]> {
  const rows = await tx<{ id: number; published: boolean }[]>`
    with given as (
      select * from jsonb_to_recordset(${tx.json([...ratings])})
        as g ("courseId" bigint, average numeric(3, 2), count int)
    ), own as (
      select id from courses.course where id in (select "courseId" from given) order by id for update
    )
    update courses.course c set rating_average = g.average, rating_count = g.count, version = version + 1
    from own, given g
    where c.id = own.id and g."courseId" = own.id
      and (c.rating_average, c.rating_count) is distinct from (g.average, g.count)
    returning c.id, c.revision_id is not null as published`
  return publishedOf(rows)
}

/** Keeps who teaches courses. @returns the published ones of which it is another answer than before */
export async function copyTeachers(
  tx: Transaction,
  taught: readonly CourseTeachers[],
): Promise<number[]> {
  const given = taught.map(({ courseId, teachers }) => ({
    courseId,
    teachers,
    text: teachers.map(({ name, organisation }) => `${name} ${organisation ?? ''}`).join(' '),
  }))
  const rows = await tx<{ id: number; published: boolean }[]>`
    with given as (
      select * from jsonb_to_recordset(${tx.json(given)})
        as g ("courseId" bigint, teachers jsonb, text text)
    ), own as (
      select id from courses.course where id in (select "courseId" from given) order by id for update
    )
    update courses.course c set teachers = g.teachers, teachers_text = g.text, version = version + 1
    from own, given g
    where c.id = own.id and g."courseId" = own.id and c.teachers is distinct from g.teachers
    returning c.id, c.revision_id is not null as published`
  return publishedOf(rows)
}

/**
 * Keeps how many learn in courses. @returns the published ones whose pages should say so at once: while many enrol, every
 * one of them is no reason to make the page anew; it follows within its lifetime
 */
export async function copyLearners(
  tx: Transaction,
  counts: readonly CourseLearners[],
): Promise<number[]> {
  const rows = await tx<{ id: number; published: boolean; before: number; learners: number }[]>`
    with given as (
      select * from jsonb_to_recordset(${tx.json([...counts])}) as g ("courseId" bigint, learners int)
    ), own as (
      select id, learners from courses.course
      where id in (select "courseId" from given) order by id for update
    )
    update courses.course c set learners = g.learners, version = version + 1
    from own, given g
    where c.id = own.id and g."courseId" = own.id and own.learners <> g.learners
    returning c.id, c.revision_id is not null as published, own.learners as before, c.learners`
  return publishedOf(rows.filter((row) => rounded(row.before) !== rounded(row.learners)))
}

const publishedOf = (rows: readonly { id: number; published: boolean }[]) =>
  rows.filter(({ published }) => published).map(({ id }) => id)

/** To two digits, as people remember a number. */
const rounded = (count: number) => Number(count.toPrecision(2))

/** Ids of all courses beyond `after`, published or not. */
export async function listCourseIds(sql: Sql, after: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from courses.course where id > ${after} order by id limit ${limit}`
  return rows.map((row) => row.id)
}
