import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connectTo, type Sql } from '@colonnade/db'
import { randomNumbers } from './http/request.ts'
import type { Installation } from './installation.ts'

export type Seeded = {
  instructors: number
  /** Every number in between is a course that somebody teaches. */
  courses: { from: number; to: number }
}

const firstCourse = 1_000_001
const teachersEach = 4

/**
 * Fills the instructors' tables by COPY, four to a course. Not with `colonnade seed`: it makes whole courses with
 * lessons, which a quarter of a million of would be twenty gigabytes that nothing here reads.
 */
export async function seedInstructors(
  installation: Installation,
  instructors: number,
): Promise<Seeded> {
  const sql = connectTo(installation.database)
  try {
    const before = await countCourses(sql)
    await copy(sql, instructors)
    await sql`vacuum (analyze) instructors.instructor, instructors.teaching`
    const [row] = await sql<{ total: string; from: string; to: string; courses: string }[]>`
      select (select count(*) from instructors.instructor) as total, min(course_id) as from,
        max(course_id) as to, count(distinct course_id) as courses
      from instructors.teaching where course_id > ${before.last}`
    if (!row) throw new Error('There are no instructors.')
    const courses = { from: Number(row.from), to: Number(row.to) }
    if (Number(row.courses) !== courses.to - courses.from + 1) {
      throw new Error(
        `Of courses ${courses.from} to ${courses.to} only ${row.courses} have instructors.`,
      )
    }
    return { instructors: Number(row.total), courses }
  } finally {
    await sql.end()
  }
}

async function countCourses(sql: Sql): Promise<{ last: number }> {
  const [row] = await sql<{ last: string }[]>`
    select coalesce(max(course_id), 0) as last from instructors.teaching`
  return { last: Number(row?.last ?? 0) }
}

async function copy(sql: Sql, instructors: number): Promise<void> {
  const [made] = await sql<{ last: string }[]>`
    select coalesce(max(id), 0) as last from instructors.instructor`
  const first = Number(made?.last ?? 0) + 1
  const people = await sql`
    copy instructors.instructor (id, learners, ratings, average_rating, example, first_name, last_name,
      academic_title, title, organisation, biography) from stdin`.writable()
  await pipeline(Readable.from(lines(instructors, person(first))), people)
  const teaching = await sql`
    copy instructors.teaching (course_id, instructor_id, place, role) from stdin`.writable()
  await pipeline(Readable.from(lines(instructors, part(first))), teaching)
  await sql`
    select setval(pg_get_serial_sequence('instructors.instructor', 'id'), ${first + instructors - 1}::bigint)`
}

function* lines(count: number, line: (i: number) => string): Generator<string> {
  const batch = 2000
  for (let i = 0; i < count; i += batch) {
    let text = ''
    for (let j = i; j < Math.min(i + batch, count); j++) text += `${line(j)}\n`
    yield text
  }
}

const given = ['Ada', 'Bruno', 'Chidi', 'Dalia', 'Emre', 'Fen', 'Grete', 'Hugo', 'Ines', 'Jamal']
const family = ['Abara', 'Bergström', 'Castillo', 'Dvořák', 'Eze', 'Fontaine', 'Haddad', 'Ishikawa']
const about =
  'Teaches what took years to learn, with examples from practice, and answers every question asked in the course. '

function person(first: number): (i: number) => string {
  const next = randomNumbers(42)
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? ''
  return (i) =>
    [
      first + i,
      Math.floor(next() * 100_000),
      Math.floor(next() * 5000),
      (1 + next() * 4).toFixed(2),
      'true',
      pick(given),
      `${pick(family)} ${i}`,
      'Dr.',
      'Lecturer',
      `Example University ${i % 500}`,
      about.repeat(1 + Math.floor(next() * 3)).trim(),
    ].join('\t')
}

/** Four instructors for each course, the first of them its primary one. */
function part(first: number): (i: number) => string {
  return (i) => {
    const place = i % teachersEach
    const course = firstCourse + Math.floor(i / teachersEach)
    return `${course}\t${first + i}\t${place}\t${place === 0 ? 'primary' : 'assistant'}`
  }
}
