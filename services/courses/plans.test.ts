import {
  explain,
  isIndexOnly,
  type PlanNode,
  type Recorder,
  recordStatements,
} from '@colonnade/testing/plans'
import { beforeAll, expect, test } from 'vitest'
import { freshDatabase, openCourses } from './fixture/service.ts'

const many = 6000
let sql: Recorder['sql']
let sent: Recorder['sent']
let service: Awaited<ReturnType<typeof openCourses>>

beforeAll(async () => {
  ;({ sql, sent } = recordStatements(await freshDatabase()))
  await fill()
  await sql`vacuum (analyze)`
  service = await openCourses({
    hot: sql,
    work: sql,
    background: sql,
    sizes: { hot: 1, work: 1, background: 1 },
    close: async () => {},
  })
}, 120_000)

/** Courses of three modules, six lessons and twelve items, each with a file and a slug of before. */
async function fill() {
  await sql.begin(async (tx) => {
    await tx`set constraints all deferred`
    await tx`
      insert into courses.course (key, slug, revision_id, title, subtitle, level, subject, minutes, published_at)
      select 'c' || n, 'c' || n, n, 'Word' || n || ' Course', 'About topic' || n % 50,
        (array['beginner', 'intermediate', 'advanced'])[n % 3 + 1], (array['data', 'science', 'arts'])[n % 3 + 1],
        n % 900, now() - n * interval '1 minute'
      from generate_series(1, ${many}::int) n`
    await tx`
      insert into courses.revision (course_id, number, hash, title, subtitle, language, direction, subject, level)
      select n, 1, sha256(n::text::bytea), 'Word' || n, '', 'en', 'ltr', 'data', 'beginner'
      from generate_series(1, ${many}::int) n`
  })
  for (const [part, count] of [
    ['module', 3],
    ['lesson', 6],
    ['item', 12],
  ] as const) {
    await sql`
      insert into ${sql(`courses.${part}`)} (course_id, key)
      select c, 'p' || n from generate_series(1, ${many}::int) c, generate_series(1, ${count}::int) n order by c, n`
  }
  await sql`
    insert into courses.module_revision (revision_id, module_id, position, title)
    select course_id, id, (id - 1) % 3 + 1, 'Module' from courses.module`
  await sql`
    insert into courses.lesson_revision (revision_id, lesson_id, module_id, position, slug, title, path)
    select course_id, id, (id - 1) / 2 + 1, (id - 1) % 6 + 1, key, 'Lesson', key from courses.lesson`
  await sql`
    insert into courses.item_revision (revision_id, item_id, lesson_id, position, kind, title)
    select course_id, id, (id - 1) / 2 + 1, (id - 1) % 2 + 1, 'reading', 'Item' from courses.item`
  await sql`insert into courses.slug_history (slug, course_id) select 'old' || id, id from courses.course`
  await sql`
    insert into courses.blob (sha256, bytes)
    select sha256(n::text::bytea), 'x' from generate_series(1, ${many}::int) n`
  await sql`
    insert into courses.file (revision_id, path, sha256)
    select n, 'a.csv', sha256(n::text::bytea) from generate_series(1, ${many}::int) n`
}

type Planned = { query: string; nodes: PlanNode[] }

/** Asks for each path and gives the plans of what that sent, for every parameter or for those it sent. */
async function plansOf(
  paths: Record<string, number>,
  kind: 'generic' | 'custom' = 'generic',
): Promise<Planned[]> {
  sent.clear()
  for (const [path, status] of Object.entries(paths)) {
    const ask = path.startsWith('/internal') ? service.inside : service.fetch
    expect([path, (await ask(path)).status]).toEqual([path, status])
  }
  const queries = [...sent].filter(([query]) => /from\s+courses\./.test(query))
  return await Promise.all(
    queries.map(async ([query, parameters]) => {
      const given = kind === 'custom' ? parameters.map((one) => String(one)) : undefined
      return { query, nodes: await explain(sql, query, given) }
    }),
  )
}

function expectNone(planned: readonly Planned[], types: readonly string[]) {
  for (const { query, nodes } of planned) {
    expect([query, nodes.filter(({ type }) => types.includes(type))]).toEqual([query, []])
  }
}

test('no fragment, route or answer about one course walks through a whole table', async () => {
  const planned = await plansOf({
    '/fragments/courses/banner?course=5': 200,
    '/fragments/courses/about?course=5': 200,
    '/fragments/courses/syllabus?course=5': 200,
    '/fragments/courses/lesson?course=5&lesson=p2': 200,
    '/fragments/courses/lesson?course=5&lesson=gone': 404,
    '/fragments/courses/taught?courses=5,6,7': 200,
    '/api/courses/5': 200,
    '/api/courses/5/syllabus': 200,
    '/api/courses/5/report': 200,
    '/internal/courses?ids=5,6,7': 200,
    '/internal/routes?limit=1000': 200,
    '/internal/routes/c5': 200,
    '/internal/routes/old5': 200,
    '/learn/c5/files/a.csv': 200,
  })
  expect(planned.length).toBeGreaterThanOrEqual(11)
  expectNone(planned, ['Seq Scan'])
})

test('a page of the catalogue is read in its order, and counted from an index alone', async () => {
  const cursorOf = async (sort: string) => {
    const answer = await service.fetch(`/api/courses?limit=5&sort=${sort}`)
    return (await answer.json()).next
  }
  const paths: Record<string, number> = {
    '/fragments/courses/home': 200,
    '/fragments/courses/catalogue?level=beginner': 200,
    '/api/courses?level=beginner&subject=data&limit=10': 200,
  }
  for (const sort of ['newest', 'title', 'shortest', 'longest']) {
    paths[`/fragments/courses/catalogue?sort=${sort}`] = 200
    paths[`/api/courses?sort=${sort}&limit=5&cursor=${await cursorOf(sort)}`] = 200
  }
  const planned = await plansOf(paths)
  expect(planned.length).toBeGreaterThanOrEqual(10)
  expectNone(planned, ['Seq Scan'])
  const counts = planned.filter(({ query }) => query.includes('group by 1, 2, 3, 4'))
  expect(counts).toHaveLength(1)
  for (const { nodes } of counts) expect(isIndexOnly(nodes, 'course_facets')).toBe(true)
})

test('a search asks the index of words, and one that finds none the index of what comes close', async () => {
  // How many courses have a word is known only with the word: Postgres plans these for each.
  const searches = {
    '/fragments/courses/catalogue?q=word77': 200,
    '/api/courses?q=topic7&sort=title': 200,
    '/api/courses?q=wrod77': 200,
  }
  const planned = await plansOf(searches, 'custom')
  expectNone(planned, ['Seq Scan'])
  const indexes = planned.flatMap(({ nodes }) => nodes.flatMap(({ index }) => index ?? []))
  expect(indexes).toEqual(expect.arrayContaining(['course_search', 'course_words']))
})
