import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import { randomNumbers } from './http/request.ts'
import type { Installation } from './installation.ts'

export type Seeded = {
  instructors: number
  /** Every number in between is a course that somebody teaches. */
  courses: { from: number; to: number }
  how: string
}

const firstCourse = 1_000_001
const teachersEach = 4

/**
 * Fills the instructors' tables: with `colonnade seed` where there is one, else by COPY into the same tables. A
 * course has four instructors either way.
 */
export async function seedInstructors(
  root: string,
  installation: Installation,
  instructors: number,
): Promise<Seeded> {
  const sql = postgres(installation.database, { max: 1, onnotice: () => {} })
  try {
    const before = await countCourses(sql)
    const how = runSeed(root, installation, instructors) ? 'colonnade seed' : 'COPY'
    if (how === 'COPY') await copy(sql, instructors)
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
    return { instructors: Number(row.total), courses, how }
  } finally {
    await sql.end()
  }
}

async function countCourses(sql: postgres.Sql): Promise<{ last: number }> {
  const [row] = await sql<{ last: string }[]>`
    select coalesce(max(course_id), 0) as last from instructors.teaching`
  return { last: Number(row?.last ?? 0) }
}

function runSeed(root: string, { data }: Installation, instructors: number): boolean {
  const colonnade = join(root, 'ops/bin/colonnade.mjs')
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [colonnade, ...args], {
      cwd: root,
      env: { ...process.env, COLONNADE_DATA: data },
      encoding: 'utf8',
    })
  if (!/^\s+seed /m.test(run('help').stdout)) return false
  const courses = Math.ceil(instructors / teachersEach)
  const seeded = run('seed', '--instructors', String(instructors), '--courses', String(courses))
  if (seeded.status !== 0)
    throw new Error(`colonnade seed failed: ${seeded.stderr || seeded.stdout}`)
  return true
}

async function copy(sql: postgres.Sql, instructors: number): Promise<void> {
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
