import type { Sql, Transaction } from '@colonnade/db'
import type { InstructorInput } from '../api/schemas.ts'

type Connection = Sql | Transaction
/** An instructor as the API answers it, made into JSON text by Postgres. */
export type InstructorRow = { id: number; version: number; document: string }

const ownCourses = `
  (select json_agg(json_build_object('courseId', own.course_id, 'role', own.role) order by own.course_id)
    from instructors.teaching own where own.instructor_id = i.id)`

/** The members of an instructor `i`; `teaches` is a JSON array or null. */
const membersText = (teaches: string) => `
  'id', i.id, 'firstName', i.first_name, 'middleName', i.middle_name, 'lastName', i.last_name,
  'academicTitle', i.academic_title, 'title', i.title, 'organisation', i.organisation,
  'biography', i.biography, 'learners', i.learners, 'averageRating', i.average_rating,
  'ratings', i.ratings, 'example', i.example, 'teaches', coalesce(${teaches}, '[]')`
const members = (sql: Connection, teaches = ownCourses) => sql.unsafe(membersText(teaches))

/** The hottest statement, as one text: put together anew for each request it would cost a tenth of the answer. */
const courseInstructors = `
  select coalesce(json_agg(
    json_build_object(${membersText(ownCourses)}, 'role', t.role)
    order by t.role desc, t.place, i.id), '[]')::text as document,
    string_agg(i.id::text, ',') as ids
  from instructors.teaching t join instructors.instructor i on i.id = t.instructor_id
  where t.course_id = $1`

/** Two changes of one course's teachers wait for each other, so that the later one tells of it later. */
const courseLock = (sql: Connection) =>
  sql`pg_advisory_xact_lock(hashtextextended('instructors teachers-of ' || course_id, 0))`

/**
 * Adds instructors, what they teach and the events that tell of it: one statement, one round trip, one commit. They
 * themselves are not told of: under a new id nobody keeps anything yet.
 * @returns them in the order given
 */
export async function addInstructors(
  sql: Connection,
  given: readonly InstructorInput[],
): Promise<InstructorRow[]> {
  const taught = `
    (select json_agg(json_build_object('courseId', t.course_id, 'role', t.role) order by t.course_id)
      from taught t where t.instructor_id = i.id)`
  return await sql<InstructorRow[]>`
    with given as materialized (
      select nextval('instructors.instructor_id_seq') as id, one.*
      from jsonb_to_recordset(${sql.json(given.map((one, place) => ({ place, ...one })))}) as one (
        place integer, "firstName" text, "middleName" text, "lastName" text, "academicTitle" text,
        title text, organisation text, biography text, learners bigint, "averageRating" numeric,
        ratings bigint, example boolean, teaches jsonb)
    ), parts as materialized (
      select id, course_id, role, ${courseLock(sql)} as locked
      from (
        select given.id, part."courseId" as course_id, part.role
        from given, jsonb_to_recordset(given.teaches) as part ("courseId" bigint, role text)
        order by part."courseId"
      ) as ordered
    ), made as (
      insert into instructors.instructor (id, first_name, middle_name, last_name, academic_title, title,
        organisation, biography, learners, average_rating, ratings, example)
      select id, "firstName", "middleName", "lastName", "academicTitle", title, organisation, biography,
        learners, "averageRating", ratings, coalesce(example, false)
      from given
      returning *
    ), taught as (
      insert into instructors.teaching (course_id, instructor_id, role)
      select course_id, id, role from parts
      returning course_id, instructor_id, role
    ), told as (
      insert into instructors.outbox (type, subject)
      select distinct 'teaching.changed', 'teachers-of:' || course_id from taught
    )
    select i.id, i.version, json_build_object(${members(sql, taught)})::text as document
    from made i join given on given.id = i.id order by given.place`
}

export async function findInstructor(
  sql: Connection,
  id: number,
): Promise<InstructorRow | undefined> {
  const [row] = await sql<InstructorRow[]>`
    select i.id, i.version, json_build_object(${members(sql)})::text as document
    from instructors.instructor i where i.id = ${id}`
  return row
}

/** Instructors by id. */
export async function listInstructors(
  sql: Connection,
  { after, limit }: { after: number; limit: number },
): Promise<InstructorRow[]> {
  return await sql<InstructorRow[]>`
    select i.id, i.version, json_build_object(${members(sql)})::text as document
    from instructors.instructor i where i.id > ${after} order by i.id limit ${limit}`
}

/** Instructors whose "last name first name" begins with `begin`, in its order. */
export async function findInstructorsByName(
  sql: Connection,
  { begin, after, limit }: { begin: string; after?: readonly [string, number]; limit: number },
): Promise<(InstructorRow & { name: string })[]> {
  const name = sql`(lower(i.last_name || ' ' || i.first_name)) collate "C"`
  return await sql<(InstructorRow & { name: string })[]>`
    select i.id, i.version, lower(i.last_name || ' ' || i.first_name) as name,
      json_build_object(${members(sql)})::text as document
    from instructors.instructor i
    where ${name} >= lower(${begin}) and ${name} < lower(${begin}) || U&'\\+10FFFF'
      and (${name}, i.id) > (${after?.[0] ?? ''}, ${after?.[1] ?? 0}::bigint)
    order by ${name}, i.id limit ${limit}`
}

/**
 * The hottest read: a course's instructors, the primary one first, as one JSON array made by Postgres, so that Node
 * only passes text on; and their ids.
 */
export async function findCourseInstructors(
  sql: Sql,
  courseId: number,
): Promise<{ document: string; ids: number[] }> {
  const [row] = await sql.unsafe<{ document: string; ids: string | null }[]>(
    courseInstructors,
    [courseId],
    { prepare: true },
  )
  return { document: row?.document ?? '[]', ids: row?.ids?.split(',').map(Number) ?? [] }
}

export async function findPrimaryInstructor(
  sql: Sql,
  courseId: number,
): Promise<InstructorRow | undefined> {
  const [row] = await sql<InstructorRow[]>`
    select i.id, i.version,
      json_build_object(${members(sql)}, 'role', t.role)::text as document
    from instructors.teaching t join instructors.instructor i on i.id = t.instructor_id
    where t.course_id = ${courseId} and t.role = 'primary'`
  return row
}

/** Locks an instructor and all courses that a change touches, courses first and in order: no deadlock. */
export async function lockInstructor(
  tx: Transaction,
  id: number,
  courseIds: readonly number[],
): Promise<{ version: number } | undefined> {
  await tx`
    select ${courseLock(tx)} from (
      select course_id from instructors.teaching where instructor_id = ${id}
      union select unnest(${[...courseIds]}::bigint[]) order by course_id
    ) as touched`
  const [row] = await tx<{ version: number }[]>`
    select version from instructors.instructor where id = ${id} for update`
  return row
}

/** Replaces an instructor that `lockInstructor` locked. @returns the courses they teach or no longer teach */
export async function replaceInstructor(
  tx: Transaction,
  id: number,
  given: InstructorInput,
): Promise<{ courses: number[] }> {
  const courses = given.teaches.map(({ courseId }) => courseId)
  await tx`
    update instructors.instructor set
      first_name = ${given.firstName}, middle_name = ${given.middleName},
      last_name = ${given.lastName}, academic_title = ${given.academicTitle},
      title = ${given.title}, organisation = ${given.organisation}, biography = ${given.biography},
      learners = ${given.learners}, average_rating = ${given.averageRating},
      ratings = ${given.ratings}, example = coalesce(${given.example ?? null}, example),
      version = version + 1
    where id = ${id}`
  const gone = await tx<{ courseId: number }[]>`
    delete from instructors.teaching
    where instructor_id = ${id} and course_id <> all (${courses}::bigint[])
    returning course_id as "courseId"`
  // A primary who becomes an assistant frees the place, which matters only to others: one row at most for a course.
  await tx`
    insert into instructors.teaching as t (course_id, instructor_id, role)
    select course_id, ${id}, role
    from unnest(${courses}::bigint[], ${given.teaches.map(({ role }) => role)}::text[]) as one (course_id, role)
    on conflict (course_id, instructor_id) do update set role = excluded.role
      where t.role <> excluded.role`
  const touched = [...courses, ...gone.map((row) => row.courseId)]
  await tellOf(tx, { instructors: [id], courses: touched })
  return { courses: touched }
}

/** Deletes an instructor that `lockInstructor` locked, from the courses they teach too. @returns those courses */
export async function removeInstructor(
  tx: Transaction,
  id: number,
): Promise<{ courses: number[] }> {
  const taught = await tx<{ courseId: number }[]>`
    delete from instructors.teaching where instructor_id = ${id} returning course_id as "courseId"`
  await tx`delete from instructors.instructor where id = ${id}`
  const courses = taught.map((row) => row.courseId)
  await tellOf(tx, { instructors: [id], courses })
  return { courses }
}

/** Tells of changed instructors, and of courses whose teachers changed; call with those courses locked. */
export async function tellOf(
  sql: Connection,
  { instructors = [], courses = [] }: { instructors?: number[]; courses?: number[] },
): Promise<void> {
  await sql`
    insert into instructors.outbox (type, subject)
    select 'teaching.changed', 'teachers-of:' || id from unnest(${courses}::bigint[]) as id
    union all
    select 'instructor.changed', 'instructor:' || id from unnest(${instructors}::bigint[]) as id`
}

/** Makes changes of one course wait for each other until the transaction ends. */
export async function lockCourse(tx: Transaction, courseId: number): Promise<void> {
  await tx`select ${courseLock(tx)} from (select ${courseId}::bigint as course_id) as one`
}
