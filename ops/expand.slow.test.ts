import { setTimeout as delay } from 'node:timers/promises'
import { connectTo, migrate } from '@colonnade/db'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed } from './seed/seed.ts'
import { services } from './services.ts'
import { look, slug } from './testing/course-page.ts'
import { findCourse, installedDatabase } from './testing/fixture.ts'
import { Ledger } from './testing/ledger.ts'
import { writeSmallCourse } from './testing/small-course.ts'
import { type Serving, Trial } from './testing/trial.ts'

const trial = new Trial()
let url: string
let serving: Serving
let courseId: number

beforeAll(async () => {
  url = await installedDatabase(trial)
  serving = await trial.serve(['start'], trial.settings('before', { DATABASE_URL: url }))
  courseId = await findCourse(serving.url)
}, 120_000)
afterAll(() => trial.close())

/** What a later release may add to every table there is, by file, and an index built beside those who write. */
async function expansions(schema: string): Promise<Record<string, string>> {
  const sql = connectTo(url)
  const tables = await sql<{ name: string; column: string }[]>`
    select c.table_name as name, min(c.column_name) as column from information_schema.columns c
    where c.table_schema = ${schema} and c.data_type in ('bigint', 'text', 'uuid')
    group by 1 order by 1`
  await sql.end()
  const files = tables.flatMap(({ name, column }) => [
    [
      `9001_${name}.sql`,
      `alter table ${name} add column later text;
       alter table ${name} add column counted bigint not null default 0;
       alter table ${name} add constraint later_short check (length(later) < 99) not valid;`,
    ],
    [
      `9002_${name}.sql`,
      `-- outside a transaction
       create index concurrently if not exists ${name}_later on ${name} (${column});`,
    ],
  ])
  return Object.fromEntries([
    ['9000_new.sql', 'create table entirely_new (id bigint primary key)'],
    ...files,
  ])
}

test('the version before serves reads and writes while and after the next one’s schema comes', async () => {
  const mark = `m${crypto.randomUUID().slice(0, 8)}`
  const review = (text: string) => ({
    ...{ learner: crypto.randomUUID(), author: 'Before', stars: 5, text },
  })
  const person = (firstName: string) => ({ firstName, lastName: mark })
  const ledger = new Ledger(() => serving.url, trial.token, mark, [
    { path: '/api/instructors', count: 300, make: person },
    { path: `/api/courses/${courseId}/reviews`, count: 300, make: review },
  ])
  let over = false
  const statuses = new Set<number>()
  const reading = (async () => {
    for (; !over; await delay(20)) {
      const page = await look(serving.url, `/learn/${slug}?at=${statuses.size}`)
      statuses.add(page.status)
      const teachers = await fetch(`${serving.url}/api/courses/${courseId}/instructors`)
      statuses.add(teachers.status)
      await teachers.arrayBuffer()
    }
  })()
  await ledger.fill(async () => {
    for (const { name } of services) {
      const files = await expansions(name)
      expect(Object.keys(files).length).toBeGreaterThan(4)
      expect(await migrate(url, name, files)).toEqual(Object.keys(files).sort())
    }
  })
  await ledger.replay()
  over = true
  await reading
  expect([...statuses]).toEqual([200])
}, 120_000)

test('it still imports, seeds and shows everything on that schema', async () => {
  const settings = { ...serving.settings, DATABASE_URL: url }
  const course = writeSmallCourse(trial.data('later'), { slug: 'later', title: 'Later' })
  expect(await trial.run(['import', course], settings)).toContain('Published as revision')
  const wanted = { courses: 3, instructors: 200, reviews: 2, seed: 1 }
  await seed(wanted, () => url, { stageFrom: 100, chunk: 100 })
  const seen = await look(serving.url)
  expect([seen.status, seen.away]).toEqual([200, 0])
})
