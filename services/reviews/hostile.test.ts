import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { openReviews, operatorToken } from './fixture.ts'

let service: Awaited<ReturnType<typeof openReviews>>
beforeAll(async () => {
  service = await openReviews()
})

const path = '/api/courses/1/reviews'
const good = () => ({ learner: randomUUID(), author: 'Ada', stars: 5, text: 'Clear.' })
const stored = async () => {
  const [row] = await service.db.work`
    select (select count(*) from reviews.review) + (select count(*) from reviews.summary)
      + (select count(*) from reviews.outbox) + (select count(*) from reviews.idempotency) as rows`
  return Number(row?.rows)
}

describe('a body that is not right is refused, and nothing is stored', () => {
  test.each<[string, unknown]>([
    ['/stars', { ...good(), stars: 0 }],
    ['/stars', { ...good(), stars: 6 }],
    ['/stars', { ...good(), stars: 4.5 }],
    ['/stars', { ...good(), stars: '5' }],
    ['/stars', { ...good(), stars: null }],
    ['/stars', JSON.stringify(good()).replace('"stars":5', '"stars":1e400')],
    ['/author', { ...good(), author: ' ' }],
    ['/author', { ...good(), author: 'x'.repeat(201) }],
    ['/author', { ...good(), author: 'a\u0000b' }],
    ['/author', JSON.stringify(good()).replace('Ada', '\\ud800')],
    ['/text', { ...good(), text: ['x'] }],
    ['/text', { ...good(), text: 'x'.repeat(10_001) }],
    ['/learner', { ...good(), learner: 'ada' }],
    ['/learner', { ...good(), learner: undefined }],
    ['/id', { ...good(), id: randomUUID() }],
    ['/example', { ...good(), example: 'no' }],
  ])('%s', async (field, body) => {
    const before = await stored()
    const answer = await service.write('POST', path, body, { 'Idempotency-Key': randomUUID() })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect((await answer.json()).errors).toMatchObject([{ path: field }])
    expect(await stored()).toBe(before)
  })

  test.each<[number, string, BodyInit, string]>([
    [400, 'half a document', '{"author": ', 'application/json'],
    [400, 'nothing', '', 'application/json'],
    [400, 'broken UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 'application/json'],
    [415, 'a form', 'author=Ada', 'application/x-www-form-urlencoded'],
    [413, 'too much', JSON.stringify({ ...good(), text: 'x'.repeat(300_000) }), 'application/json'],
    [422, 'a list', '[]', 'application/json'],
    [422, 'null', 'null', 'application/json'],
    [422, 'a stranger', JSON.stringify({ ...good(), admin: true }), 'application/json'],
    [422, 'a prototype', `{"__proto__": {"stars": 5}, "author": "Ada"}`, 'application/json'],
  ])('%i for %s', async (status, _, body, type) => {
    const before = await stored()
    const headers = { 'Content-Type': type, Authorization: `Bearer ${operatorToken}` }
    const answer = await service.get(path, { method: 'POST', body, headers })
    expect(answer.status).toBe(status)
    expect((await answer.json()).status).toBe(status)
    expect(await stored()).toBe(before)
  })

  test('what is not a field is named', async () => {
    const answer = await service.write('POST', path, { ...good(), admin: true })
    expect(JSON.stringify(await answer.json())).toContain('admin')
  })
})

test('every write needs the operator’s token', async () => {
  const id = randomUUID()
  for (const [method, where] of [
    ['POST', path],
    ['PUT', `/api/reviews/${id}`],
    ['DELETE', `/api/reviews/${id}`],
    ['POST', `/api/reviews/${id}/helpful`],
    ['DELETE', `/api/reviews/${id}/helpful`],
  ] as const) {
    for (const token of ['', 'Bearer wrong']) {
      const headers = { Authorization: token }
      const answer = await service.get(where, { method, headers })
      expect([method, where, answer.status]).toEqual([method, where, 401])
    }
  }
})

test.each([
  '0',
  '-1',
  '1.5',
  'x',
  '9007199254740992',
  '18446744073709551616',
  '%00',
  '%ff',
  '..%2f1',
])('an impossible course id is nowhere: %s', async (id) => {
  expect((await service.get(`/api/courses/${id}/reviews`)).status).toBe(404)
  expect((await service.write('POST', `/api/courses/${id}/reviews`, good())).status).toBe(404)
})

test.each(['x', '1', "' or 1=1", '%00', `${randomUUID()}0`, randomUUID()])(
  'an unknown or impossible review is nowhere: %s',
  async (id) => {
    expect((await service.get(`/api/reviews/${encodeURIComponent(id)}`)).status).toBe(404)
  },
)

test('the largest course id works', async () => {
  const largest = `/api/courses/${Number.MAX_SAFE_INTEGER}/reviews`
  expect((await service.write('POST', largest, good())).status).toBe(201)
  expect((await (await service.get(largest)).json()).items[0].courseId).toBe(
    Number.MAX_SAFE_INTEGER,
  )
})
