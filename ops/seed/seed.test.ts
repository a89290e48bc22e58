import type postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { barOf } from './bar.ts'
import { copyRows } from './copy.ts'
import { freshDatabase } from './fixture.ts'
import { instructorText } from './people-text.ts'
import { seed } from './seed.ts'
import { bytesFor, needSpace } from './space.ts'
import type { Wanted } from './unfinished.ts'

const opened: postgres.Sql[] = []
afterAll(() => Promise.all(opened.map((sql) => sql.end())))

async function fresh() {
  const { url, sql } = await freshDatabase()
  opened.push(sql)
  return { url, sql, fill: (wanted: Wanted) => seed(wanted, () => url) }
}

const few: Wanted = { seed: 1, courses: 12, instructors: 40, reviews: 3 }
const tables = [
  ...['course', 'revision', 'module', 'lesson', 'item', 'run'].map((name) => `courses.${name}`),
  ...['module_revision', 'lesson_revision', 'item_revision'].map((name) => `courses.${name}`),
  ...['instructor', 'teaching', 'organisation', 'offered_by'].map((name) => `instructors.${name}`),
  ...['review', 'summary'].map((name) => `reviews.${name}`),
]
async function everything(sql: postgres.Sql) {
  const found: Record<string, unknown> = {}
  for (const table of tables) found[table] = await sql`select * from ${sql(table)} order by 1, 2, 3`
  return found
}

test('the same seed gives the same rows, another seed others', async () => {
  const [a, b, c] = [await fresh(), await fresh(), await fresh()]
  await a.fill(few)
  await b.fill(few)
  await c.fill({ ...few, seed: 2 })
  const first = await everything(a.sql)
  expect(await everything(b.sql)).toEqual(first)
  expect(await everything(c.sql)).not.toEqual(first)
  for (const table of tables) expect(first[table], table).not.toHaveLength(0)
})

test('courses are whole: published, found by search, taught, with copies that agree with their source', async () => {
  const { sql, fill } = await fresh()
  await fill(few)
  const courses = await sql`select * from courses.course order by id`
  expect(courses).toHaveLength(12)
  for (const course of courses) {
    const lessons = await sql`
      select slug, minutes from courses.lesson_revision where revision_id = ${course.revision_id} order by position`
    expect(course.lesson_count).toBe(lessons.length)
    expect(course.minutes).toBe(lessons.reduce((sum, { minutes }) => sum + minutes, 0))
    expect(course.first_lesson.slug).toBe(lessons[0]?.slug)
    expect(course.description).toContain('made-up')
    const teachers = await sql`
      select i.id::int, concat_ws(' ', i.first_name, i.middle_name, i.last_name) as name, t.role, i.organisation
      from instructors.teaching t join instructors.instructor i on i.id = t.instructor_id
      where t.course_id = ${course.id} order by t.role desc, t.place, i.id`
    expect(course.teachers).toMatchObject(teachers)
    expect(teachers.filter(({ role }) => role === 'primary')).toHaveLength(1)
    const [summary] = await sql`
      select round(sum::numeric / count, 2) as average, count from reviews.summary where course_id = ${course.id}`
    const [counted] = await sql`
      select round(avg(stars), 2) as average, count(*)::int from reviews.review where course_id = ${course.id}`
    expect(summary).toEqual(counted)
    expect(course).toMatchObject({ rating_average: summary?.average, rating_count: 3 })
    const [found] = await sql`
      select 1 from courses.course
      where id = ${course.id} and search @@ plainto_tsquery('english', ${course.skills[0]})`
    expect(found).toBeDefined()
  }
  const told = await sql`select type, subject from courses.outbox`
  expect(told).toEqual([{ type: 'catalogue.changed', subject: 'catalogue:all' }])
})

test('ids go on behind those that are there, and the next one is free', async () => {
  const { sql, fill } = await fresh()
  await sql`insert into instructors.instructor (id, first_name, last_name) values (500, 'Ada', 'Example')`
  const once = await fill(few)
  expect(once.first.instructor).toBe(501)
  const twice = await fill(few)
  expect(twice.first.instructor).toBe(541)
  // Everybody teaches a course: those the catalogue lacks have ids all the same, which no other course gets.
  expect(twice.first.course).toBe(once.first.course + 40)
  const [next] = await sql`
    insert into instructors.instructor (first_name, last_name) values ('Bea', 'Example') returning id::int`
  expect(next?.id).toBe(581)
})

test('broken off halfway, nothing is left', async () => {
  const { sql, url } = await fresh()
  await sql`alter table courses.item_revision add constraint no check (false)`
  await expect(seed(few, () => url)).rejects.toThrow('violates check constraint')
  const [left] = await sql`
    select (select count(*)::int from courses.course) as courses,
      (select count(*)::int from instructors.instructor) as instructors`
  expect(left).toEqual({ courses: 0, instructors: 0 })
})

test('rows are made one at a time: a million people are never in memory together', async () => {
  const { fill } = await fresh()
  const plan = await fill(few)
  const many = instructorText({ ...plan, instructors: 1_000_000 }, 0, 1_000_000)
  for (let i = 0; i < 10; i++) many.next()
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  let length = 0
  for (let i = 0; i < 300; i++) length += many.next().value?.bytes.length ?? 0
  globalThis.gc?.()
  expect(length).toBeGreaterThan(30_000_000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(length)
})

test('what a field may hold survives COPY', async () => {
  const { sql } = await fresh()
  const odd = 'tab\t newline\n return\r back\\slash "quoted" {brace},'
  await sql`create temporary table odd (t text, a text[], j jsonb, n text)`
  await copyRows([[odd, [odd, 'b'], { json: { odd } }, null]], sql`copy odd from stdin`, () => {})
  expect(await sql`select * from odd`).toEqual([{ t: odd, a: [odd, 'b'], j: { odd }, n: null }])
})

test('a COPY that is refused is an error, before, amid and behind its rows', async () => {
  const { sql } = await fresh()
  await sql`create table small (n int check (n < 100000), unique (n) deferrable initially deferred)`
  const numbers = function* (count: number, from: (n: number) => number) {
    for (let n = 0; n < count; n++) yield [from(n)]
  }
  const copy = async (rows: Iterable<number[]>, table = 'small') =>
    await sql.begin((tx) => copyRows(rows, tx`copy ${tx(table)} from stdin`, () => {}))
  await expect(copy(numbers(1, Number), 'nowhere')).rejects.toThrow('does not exist')
  await expect(copy(numbers(200_000, Number))).rejects.toThrow('violates check constraint')
  await expect(copy(numbers(10, () => 1))).rejects.toThrow('duplicate key')
  await copy(numbers(50_000, Number))
  expect(await sql`select count(*)::int from small`).toEqual([{ count: 50_000 }])
})

test('the bar tells rate and time left; what an earlier run did is no pace of this one', () => {
  const bar = barOf(0)
  expect(bar({ share: 0.5, rows: 0, doing: 'teaching' }, 100)).toContain('time left unknown')
  bar({ share: 0.5, rows: 1000, doing: 'teaching' }, 1000)
  const text = bar({ share: 0.6, rows: 3000, doing: 'teaching' }, 3000)
  expect(text).toContain('60 %  3,000 rows, 1,000/s, 8 s left (teaching)')
  expect(text).toMatch(/^█{14}░{10} /)
  const later = bar({ share: 0.8, rows: 3000, doing: 'index teaching_pkey' }, 303_000)
  expect(later).toContain('3,000 rows, 1,000/s, 3 min 21 s left (index teaching_pkey)')
})

test('a disk that is too small is told before anything is made', async () => {
  const amounts = { courses: 10, instructors: 1_000_000, reviews: 0 }
  const bytes = bytesFor(amounts)
  await expect(needSpace('/', bytes, 100)).rejects.toThrow(/about \d+\.\d GiB are needed/)
  await needSpace('/', bytes, bytes * 10)
})
