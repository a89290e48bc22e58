import { migrate } from '@colonnade/db'
import { localBackend, personalDataClient } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { explain, type Recorder, recordStatements } from '@colonnade/testing/plans'
import type postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { openReviews } from './fixture.ts'
import { reviews } from './service.ts'

let sql: postgres.Sql
let sent: Recorder['sent']

beforeAll(async () => {
  const { url } = await testDatabase('reviews', async (fresh) => {
    await migrate(fresh, 'reviews', reviews.migrations)
  })
  ;({ sql, sent } = recordStatements(url))
  await sql`
    insert into reviews.review (id, course_id, learner, stars, author, helpful, created_at)
    select gen_random_uuid(), n % 100 + 1, gen_random_uuid(), n % 5 + 1, 'Ada', n % 7, now() - n * interval '1 s'
    from generate_series(1, 30000) n`
  await sql`
    insert into reviews.summary (course_id, count, sum)
    select n, 300, 900 from generate_series(1, 5000) n`
  await sql`
    insert into reviews.helpful (review_id, voter) select id, gen_random_uuid() from reviews.review`
  await sql`vacuum (analyze)`
})

/** The plans of the service's statements since the last call hold none of these nodes. */
async function expectNone(types: readonly string[], statements: number) {
  const queries = [...sent.keys()].filter((query) => /reviews\./.test(query))
  sent.clear()
  expect(queries).toHaveLength(statements)
  for (const query of queries) {
    const found = (await explain(sql, query)).filter(({ type }) => types.includes(type))
    expect([query, found]).toEqual([query, []])
  }
}

const open = () =>
  openReviews({ hot: sql, work: sql, background: sql, sizes, close: async () => {} })

const sizes = { hot: 1, work: 1, background: 1 }

test('no read walks through a whole table, or sorts a whole course', async () => {
  const service = await open()
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
  await expectNone(['Seq Scan', 'Sort', 'Incremental Sort'], 12)
})

test('no write walks through a whole table', async () => {
  const service = await open()
  const review = { learner: crypto.randomUUID(), stars: 4, author: 'Ada', text: 'Good.' }
  sent.clear()
  const made = await service.write('POST', '/api/courses/7/reviews', review, {
    'Idempotency-Key': crypto.randomUUID(),
  })
  const { id } = await made.json()
  const path = `/api/reviews/${id}`
  const voter = crypto.randomUUID()
  const votes = [
    await service.write('POST', `${path}/helpful`, { voter }),
    await service.write('DELETE', `${path}/helpful`, { voter }),
  ]
  const { author, text } = review
  const put = await service.write('PUT', path, { author, text, stars: 5 }, { 'If-Match': '*' })
  const gone = await service.write('DELETE', path)
  const examples = await service.inside('/internal/examples/7', {
    method: 'PUT',
    body: JSON.stringify([{ author, stars: 5, text, date: '2026-01-02', example: true }]),
  })
  const statuses = [made, ...votes, put, gone, examples].map(({ status }) => status)
  expect(statuses).toEqual([201, 200, 200, 200, 204, 204])
  await expectNone(['Seq Scan'], 14)
})

test('what a person wrote is found and let go without walking through a whole table', async () => {
  const service = await open()
  const keeps = personalDataClient(localBackend(service.running), service.context.trust, 5000)
  const [someone] = await sql<{ learner: string }[]>`select learner from reviews.review limit 1`
  sent.clear()
  expect(await keeps.exportPerson(someone?.learner ?? '')).not.toBeNull()
  await keeps.erasePerson(someone?.learner ?? '', { language: 'en', key: 'plans' })
  await expectNone(['Seq Scan'], 4)
})
