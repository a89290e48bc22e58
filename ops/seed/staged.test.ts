import { setTimeout as delay } from 'node:timers/promises'
import type postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { catalogOf } from '../testing/catalog.ts'
import { freshDatabase } from './fixture.ts'
import { discardUnfinished, type SeedOptions, seed } from './seed.ts'
import type { Wanted } from './unfinished.ts'

const opened: postgres.Sql[] = []
afterAll(() => Promise.all(opened.map((sql) => sql.end())))

const people: Wanted = { seed: 1, courses: 0, instructors: 60, reviews: 3 }
const inParts: SeedOptions = { stageFrom: 1, chunk: 7, connections: 3 }

async function fresh() {
  const { url, sql } = await freshDatabase()
  opened.push(sql)
  const fill = (wanted: Wanted, options: SeedOptions = inParts) => seed(wanted, () => url, options)
  return { url, sql, fill }
}

const peopleIn = async (sql: postgres.Sql) => ({
  instructors: await sql`select * from instructors.instructor order by id`,
  teaching: await sql`select * from instructors.teaching order by course_id, place`,
})

/** Breaks a load off when so many parts are in. */
async function breakOff(fill: (wanted: Wanted, options: SeedOptions) => Promise<unknown>) {
  let told = 0
  const stop = () => {
    if (++told > 8) throw new Error('broken off')
  }
  await expect(fill(people, { ...inParts, onProgress: stop })).rejects.toThrow('broken off')
}

test('loaded beside the live tables, rows are those that would have gone into them', async () => {
  const [beside, into] = [await fresh(), await fresh()]
  await beside.fill({ ...people, courses: 8 })
  await into.fill({ ...people, courses: 8 }, { stageFrom: 1_000_000 })
  const found = await peopleIn(beside.sql)
  expect(found).toEqual(await peopleIn(into.sql))
  expect(found.instructors).toHaveLength(60)
})

test('everybody is the primary one of one course, and one to four others assist', async () => {
  const { sql, fill } = await fresh()
  const { first } = await fill({ ...people, instructors: 2000 }, { ...inParts, chunk: 300 })
  const courses = await sql`
    select course_id::int as course, count(*)::int, count(distinct instructor_id)::int as people,
      min(instructor_id) filter (where role = 'primary')::int as primary
    from instructors.teaching group by 1 order by 1`
  expect(courses).toHaveLength(2000)
  for (const [at, { course, count, people: different, primary }] of courses.entries()) {
    expect([course, primary, different]).toEqual([first.course + at, first.instructor + at, count])
    expect(count).toBeGreaterThanOrEqual(2)
    expect(count).toBeLessThanOrEqual(5)
  }
  const assistants = courses.reduce((sum, { count }) => sum + count - 1, 0)
  expect(assistants / 2000).toBeGreaterThan(2.4)
  expect(assistants / 2000).toBeLessThan(2.6)
  const [next] =
    await sql`insert into courses.course (key, slug) values ('a', 'a') returning id::int`
  expect(next?.id).toBe(first.course + 2000)
})

test('the tables end as they were: columns, indexes, constraints, sequences, grants, references', async () => {
  const { sql, fill } = await fresh()
  await sql`grant select on instructors.instructor to pg_monitor`
  await sql`grant usage on instructors.instructor_id_seq to public`
  const before = await catalogOf(sql)
  await fill(people)
  expect(await catalogOf(sql)).toEqual(before)
  const [{ id } = { id: 0 }] = await sql`
    insert into instructors.instructor (first_name, last_name) values ('Ada', 'Example') returning id::int`
  expect(id).toBe(61)
  await sql`insert into instructors.instructor_key (course_id, key, instructor_id) values (1, 'a', ${id})`
  await sql`insert into instructors.teaching (course_id, instructor_id, role) values (9999, ${id}, 'primary')`
  await expect(
    sql`insert into instructors.teaching (course_id, instructor_id, role) values (9999, 1, 'primary')`,
  ).rejects.toThrow('teaching_primary')
  await expect(
    sql`insert into instructors.instructor_key (course_id, key, instructor_id) values (1, 'b', 99999)`,
  ).rejects.toThrow('foreign key')
  await sql`delete from instructors.instructor where id = ${id}`
  expect(await sql`select from instructors.teaching where course_id = 9999`).toHaveLength(0)
  expect(await sql`select from instructors.instructor_key`).toHaveLength(0)
})

test('who was there stays, with what changed while others were loaded', async () => {
  const { sql, fill } = await fresh()
  const add = async (name: string) => {
    const [row] = await sql`
      insert into instructors.instructor (first_name, last_name) values (${name}, 'Example') returning id::int`
    return Number(row?.id)
  }
  const [kept, renamed, gone] = [await add('Kept'), await add('Old'), await add('Gone')]
  await sql`
    insert into instructors.teaching (course_id, instructor_id, role)
    values (1, ${kept}, 'primary'), (1, ${renamed}, 'assistant'), (2, ${gone}, 'primary')`
  let meanwhile: Promise<unknown> | undefined
  let late = 0
  const { first } = await fill(people, {
    ...inParts,
    onProgress({ doing }) {
      if (!doing.startsWith('index') || meanwhile) return
      meanwhile = (async () => {
        late = await add('Late')
        await sql`update instructors.instructor set first_name = 'New' where id = ${renamed}`
        await sql`delete from instructors.instructor where id = ${gone}`
        await sql`insert into instructors.teaching (course_id, instructor_id, role) values (2, ${late}, 'primary')`
        // A course that the seed set aside, but nobody can know that.
        await sql`
          insert into instructors.teaching (course_id, instructor_id, role)
          select (plan -> 'first' ->> 'course')::int, ${late}, 'primary' from instructors_seed.plan`
      })()
    },
  })
  await meanwhile
  expect(late).toBeGreaterThan(first.instructor + 59)
  const others = await sql`
    select id::int, first_name from instructors.instructor where last_name = 'Example' order by id`
  expect(others).toEqual([
    { id: kept, first_name: 'Kept' },
    { id: renamed, first_name: 'New' },
    { id: late, first_name: 'Late' },
  ])
  const taught = await sql`
    select course_id::int, instructor_id::int, role from instructors.teaching
    where course_id in (1, 2) order by 1, 2`
  expect(taught).toEqual([
    { course_id: 1, instructor_id: kept, role: 'primary' },
    { course_id: 1, instructor_id: renamed, role: 'assistant' },
    { course_id: 2, instructor_id: late, role: 'primary' },
  ])
  const unseated = await sql`
    select instructor_id::int from instructors.teaching
    where course_id = ${first.course} and role = 'primary'`
  expect(unseated).toEqual([{ instructor_id: late }])
  const [{ count } = { count: 0 }] = await sql`select count(*)::int from instructors.instructor`
  expect(count).toBe(63)
})

test('a second large seed keeps the first', async () => {
  const { sql, fill } = await fresh()
  await fill(people)
  const once = await peopleIn(sql)
  await fill({ ...people, instructors: 70, seed: 2 })
  const twice = await peopleIn(sql)
  expect(twice.instructors).toHaveLength(130)
  expect(twice.instructors.slice(0, 60)).toEqual(once.instructors)
  expect(twice.teaching.slice(0, once.teaching.length)).toEqual(once.teaching)
})

test('broken off, it leaves the live tables alone; asked for again, it goes on and repeats nothing', async () => {
  const [broken, whole] = [await fresh(), await fresh()]
  const before = await catalogOf(broken.sql)
  await breakOff(broken.fill)
  expect((await peopleIn(broken.sql)).instructors).toHaveLength(0)
  const known = await broken.sql`select name, number from instructors_seed.chunk`
  expect(known.length).toBeGreaterThan(0)
  const xmins = async () =>
    await broken.sql`select xmin::text, name, number from instructors_seed.chunk`
  const first = await xmins()
  await breakOff(broken.fill)
  expect(await xmins()).toEqual(expect.arrayContaining(first))
  await broken.fill(people)
  await whole.fill(people)
  expect(await peopleIn(broken.sql)).toEqual(await peopleIn(whole.sql))
  expect(await catalogOf(broken.sql)).toEqual(before)
})

test('broken off between the indexes, it makes only those that are missing', async () => {
  const { sql, fill } = await fresh()
  let made = ''
  const stop = (state: { doing: string }) => {
    if (state.doing.startsWith('constraint')) throw new Error('broken off')
  }
  await expect(fill(people, { ...inParts, onProgress: stop })).rejects.toThrow('broken off')
  const before =
    await sql`select count(*)::int from pg_indexes where schemaname = 'instructors_seed'`
  expect(before).toEqual([{ count: 6 }])
  await fill(people, { ...inParts, onProgress: ({ doing }) => (made += doing) })
  expect(made).not.toContain('index ')
  expect((await peopleIn(sql)).instructors).toHaveLength(60)
})

test('other arguments than those of the unfinished one are refused, until it is thrown away', async () => {
  const { sql, url, fill } = await fresh()
  await breakOff(fill)
  const refused = fill({ ...people, instructors: 5, seed: 7 })
  await expect(refused).rejects.toThrow(
    /begun: {5}colonnade seed --instructors 60 --seed 1\n.*asked for: colonnade seed --instructors 5 --seed 7\n.*--discard/,
  )
  expect(await discardUnfinished(() => url)).toBe(true)
  expect(await discardUnfinished(() => url)).toBe(false)
  await fill({ ...people, instructors: 5, seed: 7 })
  expect((await peopleIn(sql)).instructors).toHaveLength(5)
})

test('tables that changed since are not filled from before', async () => {
  const { sql, fill } = await fresh()
  await breakOff(fill)
  await sql`insert into instructors.migration (name, sha256) values ('9999_later.sql', '')`
  await expect(fill(people)).rejects.toThrow('another version')
})

test('two at once: the second is told to wait', async () => {
  const { sql, fill } = await fresh()
  const held = await sql.reserve()
  await held`select pg_advisory_lock(hashtext('colonnade seed'))`
  await expect(fill(people)).rejects.toThrow('Another colonnade seed is at work')
  held.release()
}, 30_000)

test('somebody who reads long is waited for, and others are answered meanwhile', async () => {
  const { sql, fill } = await fresh()
  const reader = await sql.reserve()
  await reader`begin`
  await reader`select count(*) from instructors.instructor`
  let done = false
  const filling = fill(people).then(() => {
    done = true
  })
  for (let i = 0; i < 20; i++) {
    await sql`select count(*) from instructors.teaching`
    await delay(100)
  }
  expect(done).toBe(false)
  await reader`commit`
  reader.release()
  await filling
  expect((await peopleIn(sql)).instructors).toHaveLength(60)
}, 30_000)
