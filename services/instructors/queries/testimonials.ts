import type { Sql, Transaction } from '@colonnade/db'
import type { TestimonialInput } from '../api/schemas.ts'

type Connection = Sql | Transaction

const document = (sql: Connection) => sql`
  json_build_object('id', v.id, 'courseId', v.course_id, 'author', v.author, 'role', v.role,
    'text', v.text, 'example', v.example,
    'createdAt', to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`

/** Adds a testimonial and tells of it, in one statement. */
export async function addTestimonial(
  sql: Connection,
  courseId: number,
  given: TestimonialInput & { id: string },
): Promise<string> {
  const [row] = await sql<{ document: string }[]>`
    with made as (
      insert into instructors.testimonial (id, course_id, author, role, text, example)
      values (${given.id}, ${courseId}, ${given.author}, ${given.role}, ${given.text}, ${given.example})
      returning *
    ), told as (
      insert into instructors.outbox (type, subject)
      select 'offering.changed', 'teachers-of:' || course_id from made
    )
    select ${document(sql)}::text as document from made v`
  if (!row) throw new Error('an insert returned nothing')
  return row.document
}

/** A course's testimonials, those of its folder first, then by age; one JSON array of at most 100. */
export async function findCourseTestimonials(sql: Connection, courseId: number): Promise<string> {
  const [row] = await sql<{ document: string }[]>`
    select coalesce(json_agg(${document(sql)} order by v.place, v.created_at, v.id), '[]')::text as document
    from (
      select * from instructors.testimonial where course_id = ${courseId}
      order by place, created_at, id limit 100
    ) v`
  return row?.document ?? '[]'
}

/** @returns the course it was about, if there was one */
export async function removeTestimonial(sql: Connection, id: string): Promise<number | undefined> {
  const [row] = await sql<{ courseId: number }[]>`
    with gone as (
      delete from instructors.testimonial where id = ${id} returning course_id
    ), told as (
      insert into instructors.outbox (type, subject)
      select 'offering.changed', 'teachers-of:' || course_id from gone
    )
    select course_id as "courseId" from gone`
  return row?.courseId
}
