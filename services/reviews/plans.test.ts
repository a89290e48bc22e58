import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openReviews } from './fixture.ts'
import { reviews } from './service.ts'

/** Every statement that one request after the other sent. */
const sent = new Set<string>()
let sql: postgres.Sql

beforeAll(async () => {
  const { url } = await testDatabase('reviews', async (fresh) => {
    await migrate(fresh, 'reviews', reviews.migrations)
  })
  sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    debug: (_, query) => sent.add(query),
  })
  await sql`
    insert into reviews.review (id, course_id, learner, stars, author, helpful, created_at)
    select gen_random_uuid(), n % 100 + 1, gen_random_uuid(), n % 5 + 1, 'Ada', n % 7, now() - n * interval '1 s'
    from generate_series(1, 30000) n`
  await sql`
    insert into reviews.summary (course_id, count, sum)
    select n, 300, 900 from generate_series(1, 5000) n`
  await sql`analyze`
})

type Plan = {
  'Node Type': string
  'Relation Name'?: string | undefined
  Plans?: Plan[] | undefined
}
const plan: z.ZodType<Plan> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  Plans: z.lazy(() => z.array(plan)).optional(),
})
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: plan })) }))

const nodes = (one: Plan): Plan[] => [one, ...(one.Plans ?? []).flatMap(nodes)]

const sizes = { hot: 1, work: 1, background: 1 }

test('no read walks through a whole table, or sorts a whole course', async () => {
  const service = await openReviews({
    hot: sql,
    work: sql,
    background: sql,
    sizes,
    close: async () => {},
  })
  const read = async (path: string) => {
    const answer = await service.get(path)
    expect([path, answer.status]).toEqual([path, 200])
    return answer
  }
  sent.clear()
  for (const order of ['newest', 'helpful']) {
    const { items, next } = await (
      await read(`/api/courses/5/reviews?sort=${order}&limit=3`)
    ).json()
    await read(`/api/courses/5/reviews?sort=${order}&cursor=${next}`)
    await read(`/fragments/reviews/reviews?course=5&sort=${order}`)
    await read(`/fragments/reviews/reviews?course=5&sort=${order}&reviews=${items[2].id}`)
    await read(`/api/reviews/${items[0].id}`)
  }
  await read('/api/courses/5/reviews/summary')
  await service.inside('/internal/summaries?courses=1,2,3')
  const reads = [...sent].filter((query) => /reviews\./.test(query))
  expect(reads).toHaveLength(12)
  for (const query of reads) {
    // The plan that serves every parameter: the worst that a prepared statement comes to.
    const rows = explained.parse(await sql.unsafe(`explain (generic_plan, format json) ${query}`))
    const walked = rows
      .flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => nodes(Plan)))
      .filter((node) => ['Seq Scan', 'Sort', 'Incremental Sort'].includes(node['Node Type']))
    expect([query, walked]).toEqual([query, []])
  }
})
