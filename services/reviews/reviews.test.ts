import { randomUUID } from 'node:crypto'
import { uuidv7 } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { openReviews } from './fixture.ts'

let service: Awaited<ReturnType<typeof openReviews>>
beforeAll(async () => {
  service = await openReviews()
})

const by = (stars: number, more: object = {}) => ({
  learner: randomUUID(),
  author: 'Ada',
  stars,
  text: 'Clear.',
  ...more,
})
const add = (course: number, body: unknown, headers?: Record<string, string>) =>
  service.write('POST', `/api/courses/${course}/reviews`, body, headers)
const summaryOf = async (course: number) =>
  await (await service.get(`/api/courses/${course}/reviews/summary`)).json()
const page = async (course: number, query = '') =>
  await (await service.get(`/api/courses/${course}/reviews${query}`)).json()

describe('a review', () => {
  test('is added under the id it came with, counted, and told of', async () => {
    const id = uuidv7()
    const answer = await add(201, by(4, { id, text: ' Good. ' }))
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`/api/reviews/${id}`)
    const body = await answer.json()
    expect(body).toEqual({
      id,
      courseId: 201,
      author: 'Ada',
      stars: 4,
      text: 'Good.',
      example: false,
      helpful: 0,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
    })
    const read = await service.get(`/api/reviews/${id}`)
    expect(await read.json()).toEqual(body)
    expect(read.headers.get('etag')).toBe('"1"')
    const same = await service.get(`/api/reviews/${id}`, { headers: { 'If-None-Match': '"1"' } })
    expect(same.status).toBe(304)
    expect(await summaryOf(201)).toEqual({
      courseId: 201,
      average: 4,
      count: 1,
      histogram: [0, 0, 0, 1, 0],
      examples: 0,
    })
    const told = await service.db.work`select type, subject from reviews.outbox`
    expect(told).toMatchObject([{ type: 'reviews.changed', subject: 'reviews-of:201' }])
  })

  test('a learner has one for each course, and an id is used once', async () => {
    const id = uuidv7()
    const first = by(5, { id })
    expect((await add(202, first)).status).toBe(201)
    const second = await add(202, { ...first, id: uuidv7() })
    expect(second.status).toBe(409)
    expect((await second.json()).detail).toContain('This learner has reviewed')
    expect((await add(203, { ...first, learner: randomUUID() })).status).toBe(409)
    expect((await add(203, { ...first, id: undefined })).status).toBe(201)
    expect((await summaryOf(202)).count).toBe(1)
  })

  test('is made once for each Idempotency-Key and course', async () => {
    const body = by(3)
    const key = { 'Idempotency-Key': 'once' }
    const first = await (await add(204, body, key)).text()
    const replay = await add(204, body, key)
    expect([replay.status, await replay.text()]).toEqual([201, first])
    expect((await add(204, by(3), key)).status).toBe(422)
    expect((await add(205, body, key)).status).toBe(201)
    expect((await summaryOf(204)).count).toBe(1)
  })

  test('changes only from the version read, and is counted anew', async () => {
    const { id } = await (await add(206, by(1))).json()
    await add(206, by(5))
    const path = `/api/reviews/${id}`
    const change = { author: 'Ada B', stars: 4, text: 'Better.' }
    expect((await service.write('PUT', path, change)).status).toBe(428)
    expect((await service.write('PUT', path, change, { 'If-Match': '"2"' })).status).toBe(412)
    const changed = await service.write('PUT', path, change, { 'If-Match': '"1"' })
    expect(changed.headers.get('etag')).toBe('"2"')
    expect(await changed.json()).toMatchObject({ id, ...change })
    expect(await summaryOf(206)).toMatchObject({ average: 4.5, histogram: [0, 0, 0, 1, 1] })
    expect((await service.write('DELETE', path, undefined, { 'If-Match': '"1"' })).status).toBe(412)
    expect((await service.write('DELETE', path)).status).toBe(204)
    expect((await service.write('DELETE', path)).status).toBe(404)
    expect((await service.get(path)).status).toBe(404)
    expect(await summaryOf(206)).toMatchObject({ average: 5, count: 1 })
  })
})

test('the summary is right after 200 writes at once, and events are told in its order', async () => {
  const kept: string[] = []
  const given = Array.from({ length: 120 }, (_, i) => by((i % 5) + 1, { example: i % 7 === 0 }))
  const writes = given.map(async (body, i) => {
    const { id } = await (await add(210, body)).json()
    const path = `/api/reviews/${id}`
    if (i % 3 === 0) {
      const change = { author: 'Ada', stars: ((i + 2) % 5) + 1 }
      expect((await service.write('PUT', path, change, { 'If-Match': '*' })).status).toBe(200)
    }
    if (i % 3 === 1) expect((await service.write('DELETE', path)).status).toBe(204)
    else kept.push(id)
  })
  await Promise.all(writes)
  expect(writes.length + given.filter((_, i) => i % 3 !== 2).length).toBe(200)
  const [counted] = await service.db.work`
    select count(*)::int as count, round(avg(stars), 2)::float8 as average,
      array(select (select count(*)::int from reviews.review where course_id = 210 and stars = n)
        from generate_series(1, 5) n) as histogram,
      (count(*) filter (where example))::int as examples
    from reviews.review where course_id = 210`
  expect(await summaryOf(210)).toEqual({ courseId: 210, ...counted })
  expect(counted?.count).toBe(kept.length)
  const [summary] = await service.db.work`
    select sum, example_sum, version from reviews.summary where course_id = 210`
  const [sums] = await service.db.work`
    select sum(stars)::int as sum, sum(stars) filter (where example)::int as example_sum
    from reviews.review where course_id = 210`
  expect(summary).toMatchObject({ ...sums, version: 200 })
  const told = await service.db.work`select 1 from reviews.outbox where subject = 'reviews-of:210'`
  expect(told).toHaveLength(200)
})

describe('votes', () => {
  test('count once for each voter, whatever comes twice or at once', async () => {
    const { id } = await (await add(220, by(5))).json()
    const path = `/api/reviews/${id}/helpful`
    const voters = Array.from({ length: 20 }, () => randomUUID())
    const votes = [...voters, ...voters].map((voter) => service.write('POST', path, { voter }))
    expect((await Promise.all(votes)).every((one) => one.status === 200)).toBe(true)
    const voter = voters[0]
    expect(await (await service.write('POST', path, { voter })).json()).toEqual({ helpful: 20 })
    expect(await (await service.write('DELETE', path, { voter })).json()).toEqual({ helpful: 19 })
    expect(await (await service.write('DELETE', path, { voter })).json()).toEqual({ helpful: 19 })
    expect((await (await service.get(`/api/reviews/${id}`)).json()).helpful).toBe(19)
    const missing = await service.write('POST', `/api/reviews/${uuidv7()}/helpful`, { voter })
    expect(missing.status).toBe(404)
    const told = await service.db.work`
      select type from reviews.outbox where subject = 'reviews-of:220' and type = 'votes.changed'`
    expect(told).toHaveLength(21)
  })
})

describe('lists', () => {
  test.each(['newest', 'helpful'])('go through all reviews by cursor: %s', async (sort) => {
    const course = sort === 'newest' ? 230 : 231
    for (let i = 0; i < 7; i++) {
      const { id } = await (await add(course, by(5))).json()
      for (let n = 0; n < i % 3; n++) {
        await service.write('POST', `/api/reviews/${id}/helpful`, { voter: randomUUID() })
      }
    }
    const seen: { id: string; helpful: number; createdAt: string }[] = []
    let cursor: string | null = ''
    do {
      const found: { items: typeof seen; next: string | null } = await page(
        course,
        `?limit=2&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`,
      )
      seen.push(...found.items)
      cursor = found.next
    } while (cursor)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7)
    if (sort === 'helpful') {
      expect(seen.map((one) => one.helpful)).toEqual([2, 2, 1, 1, 0, 0, 0])
    }
    const created = seen.map((one) => one.createdAt)
    if (sort === 'newest') expect(created).toEqual([...created].sort().reverse())
  })

  test('without reviews are empty, and the summary is 0', async () => {
    expect(await page(239)).toEqual({ items: [], next: null })
    expect(await summaryOf(239)).toMatchObject({ average: 0, count: 0 })
  })

  test.each(['limit=0', 'limit=1e1', 'sort=worst', 'cursor=x', 'cursor=WzEsMSwiYSJd'])(
    'refuse %s',
    async (query) => {
      expect((await service.get(`/api/courses/1/reviews?${query}`)).status).toBe(422)
    },
  )
})

describe('for other services', () => {
  test('summaries of many courses, those without reviews left out', async () => {
    await add(240, by(4))
    await add(240, by(5, { example: true }))
    await add(240, by(4))
    const answer = await service.inside('/internal/summaries?courses=240,999')
    expect(await answer.json()).toEqual([
      { courseId: 240, average: 4.33, count: 3, histogram: [0, 0, 0, 2, 1], examples: 1 },
    ])
    expect((await service.get('/internal/summaries?courses=240')).status).toBe(401)
    expect((await service.inside('/internal/summaries?courses=x')).status).toBe(422)
  })

  test('a course’s examples are replaced whole, beside what people wrote', async () => {
    const example = { author: 'Pilar', stars: 2, text: 'Fine.', date: '2026-05-01', example: true }
    const put = async (list: unknown) =>
      await service.inside('/internal/examples/241', { method: 'PUT', body: JSON.stringify(list) })
    const events = async () =>
      (await service.db.work`select 1 from reviews.outbox where subject = 'reviews-of:241'`).length
    await add(241, by(5))
    expect((await put([example, { ...example, stars: 3 }])).status).toBe(204)
    expect(await summaryOf(241)).toMatchObject({ count: 3, examples: 2, average: 3.33 })
    expect((await page(241)).items[2]).toMatchObject({ example: true, author: 'Pilar' })
    const before = await events()
    await put([{ ...example, stars: 3 }, example])
    expect(await events()).toBe(before)
    await put([{ ...example, text: 'Changed.' }])
    expect(await summaryOf(241)).toMatchObject({ count: 2, examples: 1 })
    expect(await events()).toBe(before + 1)
    await put([])
    expect(await summaryOf(241)).toMatchObject({ count: 1, examples: 0, average: 5 })
    const parallel = [1, 2, 3, 4, 5].map((stars) => put([{ ...example, stars }]))
    await Promise.all([...parallel, add(241, by(1)), add(241, by(1))])
    expect(await summaryOf(241)).toMatchObject({ count: 4, examples: 1 })
    expect((await put([{ ...example, stars: 6 }])).status).toBe(422)
    expect((await put([{ ...example, date: '2026-02-30' }])).status).toBe(422)
  })
})
