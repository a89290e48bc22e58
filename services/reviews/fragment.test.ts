import { randomUUID } from 'node:crypto'
import { uuidv7 } from '@colonnade/http'
import { beforeAll, expect, test } from 'vitest'
import { openReviews } from './fixture.ts'

let service: Awaited<ReturnType<typeof openReviews>>
beforeAll(async () => {
  service = await openReviews()
})

const fragment = (query: string) => service.get(`/fragments/reviews/reviews?${query}`)
const add = async (course: number, body: object) =>
  await service.write('POST', `/api/courses/${course}/reviews`, {
    learner: randomUUID(),
    author: 'Ada',
    stars: 4,
    text: 'Clear.',
    ...body,
  })
const metaOf = (answer: Response) =>
  JSON.parse(Buffer.from(answer.headers.get('colonnade-meta') ?? 'bnVsbA', 'base64url').toString())

test('a course without reviews has no section, and the answer ends with its first review', async () => {
  const empty = await fragment('course=300')
  expect(empty.status).toBe(204)
  expect(empty.headers.get('cache-tag')).toBe('reviews-of:300')
})

test('shows the summary, the reviews and where they go on, in the language asked for', async () => {
  for (let i = 0; i < 8; i++) await add(301, { text: `Number ${i}` })
  const html = await (await fragment('course=301')).text()
  expect(html).toMatch(/^<section id="reviews" aria-labelledby="reviews-title"/)
  expect(html).toContain('8 reviews')
  expect(html.match(/<article/g)).toHaveLength(6)
  expect(html).toContain('Number 7')
  expect(html).not.toContain('Number 1<')
  expect(html).not.toMatch(/ style=|<button|<script/)
  const next = /href="(\?reviews=[\w-]+)#reviews"/.exec(html)?.[1]?.slice(1)
  const rest = await (await fragment(`course=301&${next}`)).text()
  expect(rest.match(/<article/g)).toHaveLength(2)
  expect(rest).toContain('Number 1<')
  expect(rest).not.toContain('rel="next"')
  expect(rest).toContain('href="?#reviews"')
  expect(await (await fragment('course=301&lang=es')).text()).toContain('8 reseñas')
})

test('the most helpful first, by a link that keeps the order', async () => {
  for (let i = 0; i < 7; i++) await add(302, { text: `Number ${i}` })
  const { items } = await (await service.get('/api/courses/302/reviews')).json()
  const voted = items.at(-1)
  await service.write('POST', `/api/reviews/${voted.id}/helpful`, { voter: randomUUID() })
  const html = await (await fragment('course=302&sort=helpful')).text()
  expect(html.indexOf('Number 0')).toBeLessThan(html.indexOf('Number 6'))
  expect(html).toContain('1 person found this helpful')
  expect(html).toMatch(/href="\?reviews=[\w-]+&amp;sort=helpful#reviews"/)
  expect(html).toMatch(/href="\?sort=helpful#reviews" aria-current="true"/)
})

test('addresses made up by nobody are not answered: each answer is kept', async () => {
  await add(303, {})
  const other = (await (await add(304, {})).json()).id
  for (const query of ['reviews=x', `reviews=${uuidv7()}`, `reviews=${other}`, 'sort=worst']) {
    expect((await fragment(`course=303&${query}`)).status).toBe(404)
  }
  for (const course of ['', '0', 'x', '9007199254740992']) {
    expect((await fragment(`course=${course}`)).status).toBe(404)
  }
})

test('search engines are told of what people gave, and of no example', async () => {
  await add(305, { stars: 5, example: true })
  const made = await fragment('course=305')
  const html = await made.text()
  expect(html).toContain('This is an example review.')
  expect(html).toContain('1 of these reviews is an example')
  expect(metaOf(made)).toBeNull()
  await add(305, { stars: 2 })
  expect(metaOf(await fragment('course=305')).jsonLd.aggregateRating).toEqual({
    '@type': 'AggregateRating',
    ratingValue: 2,
    reviewCount: 1,
    bestRating: 5,
    worstRating: 1,
  })
})

test('what people wrote is shown as text', async () => {
  const hostile = `<img src=x onerror=alert(1)>'"; drop table reviews.review; --</script>`
  await add(306, { author: hostile, text: `${hostile}\n\nSecond <b>paragraph</b>` })
  const html = await (await fragment('course=306')).text()
  expect(html).not.toMatch(/<img|<b>paragraph|<\/script/)
  expect(html.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)).toHaveLength(2)
  expect((await service.get('/api/courses/306/reviews')).status).toBe(200)
})
