import type { Sql } from '@colonnade/db'
import type { Image } from '@colonnade/media/contract'
import type { CourseTeachers } from '../contract.ts'

/** An instructor as pages show them. */
export type ShownInstructor = {
  id: number
  firstName: string
  middleName: string | null
  lastName: string
  academicTitle: string | null
  title: string | null
  organisation: string | null
  biography: string | null
  learners: number
  averageRating: number | null
  ratings: number
  photo: Image | null
  example: boolean
}
export type ShownTeacher = ShownInstructor & { role: 'primary' | 'assistant' }

const shown = (sql: Sql) => sql`
  i.id, i.first_name as "firstName", i.middle_name as "middleName", i.last_name as "lastName",
  i.academic_title as "academicTitle", i.title, i.organisation, i.biography, i.learners,
  i.average_rating::float8 as "averageRating", i.ratings, i.photo, i.example`

/** A course's teachers in the order they are shown, at most 50. */
export async function listShownTeachers(sql: Sql, courseId: number): Promise<ShownTeacher[]> {
  return await sql<ShownTeacher[]>`
    select ${shown(sql)}, t.role
    from instructors.teaching t join instructors.instructor i on i.id = t.instructor_id
    where t.course_id = ${courseId}
    order by t.role desc, t.place, i.id limit 50`
}

export async function findShownInstructor(
  sql: Sql,
  id: number,
): Promise<ShownInstructor | undefined> {
  const [row] = await sql<ShownInstructor[]>`
    select ${shown(sql)} from instructors.instructor i where i.id = ${id}`
  return row
}

/** What an instructor teaches, at most 100 courses. */
export async function listTaught(
  sql: Sql,
  id: number,
): Promise<{ courseId: number; role: 'primary' | 'assistant' }[]> {
  return await sql<{ courseId: number; role: 'primary' | 'assistant' }[]>`
    select course_id as "courseId", role from instructors.teaching
    where instructor_id = ${id} order by role desc, course_id desc limit 100`
}

export type ShownOrganisation = {
  id: number
  name: string
  url: string | null
  description: string | null
  logo: Image | null
  example: boolean
}

export async function listShownOrganisations(
  sql: Sql,
  courseId: number,
): Promise<ShownOrganisation[]> {
  return await sql<ShownOrganisation[]>`
    select o.id, o.name, o.url, o.description, o.logo, o.example
    from instructors.offered_by f join instructors.organisation o on o.id = f.organisation_id
    where f.course_id = ${courseId} order by f.place, o.id limit 50`
}

export type ShownTestimonial = {
  id: string
  author: string
  role: string | null
  text: string
  example: boolean
}

/** A course's testimonials in the order they are shown, at most 12. */
export async function listShownTestimonials(
  sql: Sql,
  courseId: number,
): Promise<ShownTestimonial[]> {
  return await sql<ShownTestimonial[]>`
    select id, author, role, text, example from instructors.testimonial
    where course_id = ${courseId} order by place, created_at, id limit 12`
}

/** Who teaches each of the courses, the primary one first; courses nobody teaches are left out. */
export async function listTeachers(
  sql: Sql,
  courseIds: readonly number[],
): Promise<CourseTeachers[]> {
  return await sql<CourseTeachers[]>`
    select t.course_id as "courseId", json_agg(json_build_object(
      'id', i.id, 'name', concat_ws(' ', i.first_name, i.middle_name, i.last_name),
      'role', t.role, 'organisation', i.organisation, 'example', i.example) order by t.role desc, t.place, i.id) as teachers
    from instructors.teaching t join instructors.instructor i on i.id = t.instructor_id
    where t.course_id = any (${[...courseIds]}::bigint[])
    group by t.course_id order by t.course_id`
}
