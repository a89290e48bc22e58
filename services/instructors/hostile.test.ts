import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { openInstructors, operatorToken } from './fixture.ts'

let service: Awaited<ReturnType<typeof openInstructors>>
beforeAll(async () => {
  service = await openInstructors()
})

const ada = { firstName: 'Ada', lastName: 'Example' }
const stored = async () => {
  const [row] = await service.db.work`
    select (select count(*) from instructors.instructor) + (select count(*) from instructors.teaching)
      + (select count(*) from instructors.organisation) + (select count(*) from instructors.testimonial)
      + (select count(*) from instructors.outbox) + (select count(*) from instructors.idempotency) as rows`
  return Number(row?.rows)
}

describe('a body that is not right is refused, and nothing is stored', () => {
  const teaches = (...list: unknown[]) => ({ ...ada, teaches: list })
  test.each<[string, unknown]>([
    ['/firstName', { lastName: 'Example' }],
    ['/firstName', { ...ada, firstName: '' }],
    ['/firstName', { ...ada, firstName: '\t\n ' }],
    ['/firstName', { ...ada, firstName: 5 }],
    ['/lastName', { ...ada, lastName: 'x'.repeat(201) }],
    ['/lastName', { ...ada, lastName: 'a\u0000b' }],
    ['/lastName', { ...ada, lastName: 'a\u001bb' }],
    ['/lastName', '{"firstName":"Ada","lastName":"\\udc00"}'],
    ['/biography', { ...ada, biography: 'x'.repeat(20_001) }],
    ['/biography', { ...ada, biography: { html: 'x' } }],
    ['/learners', { ...ada, learners: '5' }],
    ['/learners', { ...ada, learners: -1 }],
    ['/learners', { ...ada, learners: 1.5 }],
    ['/learners', '{"firstName":"Ada","lastName":"E","learners":9007199254740993}'],
    ['/learners', '{"firstName":"Ada","lastName":"E","learners":1e400}'],
    ['/averageRating', { ...ada, averageRating: '4.5' }],
    ['/averageRating', { ...ada, averageRating: 5.01 }],
    ['/ratings', { ...ada, ratings: true }],
    ['/example', { ...ada, example: 'no' }],
    ['/teaches', { ...ada, teaches: {} }],
    ['/teaches', teaches({ courseId: 1, role: 'primary' }, { courseId: 1, role: 'assistant' })],
    ['/teaches', { ...ada, teaches: Array(201).fill({ courseId: 1, role: 'primary' }) }],
    ['/teaches/0/courseId', teaches({ courseId: '1', role: 'primary' })],
    ['/teaches/0/courseId', teaches({ courseId: 0, role: 'primary' })],
    ['/teaches/0/courseId', teaches({ courseId: 2 ** 53, role: 'primary' })],
    ['/teaches/0/role', teaches({ courseId: 1, role: 'owner' })],
    ['/teaches/0', teaches(null)],
  ])('%s', async (field, body) => {
    const before = await stored()
    const key = { 'Idempotency-Key': randomUUID() }
    const answer = await service.write('POST', '/api/instructors', body, key)
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const paths = (await answer.json()).errors.map((error: { path: string }) => error.path)
    expect(paths).toContain(field)
    expect(await stored()).toBe(before)
  })

  test.each<[number, string, BodyInit, string]>([
    [400, 'half a document', '{"firstName": ', 'application/json'],
    [400, 'nothing', '', 'application/json'],
    [400, 'broken UTF-8', new Uint8Array([0x22, 0xc3, 0x28, 0x22]), 'application/json'],
    [415, 'a form', 'firstName=Ada', 'application/x-www-form-urlencoded'],
    [
      413,
      'too much',
      JSON.stringify({ ...ada, biography: 'x'.repeat(300_000) }),
      'application/json',
    ],
    [422, 'a list', '[]', 'application/json'],
    [422, 'null', 'null', 'application/json'],
    [
      422,
      'a prototype',
      '{"__proto__": {"lastName": "E"}, "firstName": "Ada"}',
      'application/json',
    ],
  ])('%i for %s', async (status, _, body, type) => {
    const before = await stored()
    const headers = { 'Content-Type': type, Authorization: `Bearer ${operatorToken}` }
    for (const path of ['/api/instructors', '/api/organisations', '/api/courses/1/testimonials']) {
      const answer = await service.get(path, { method: 'POST', body, headers })
      expect(answer.status).toBe(status)
      expect((await answer.json()).status).toBe(status)
    }
    expect(await stored()).toBe(before)
  })

  test.each([{ id: 5 }, { admin: true }, { photo: 'x' }])('what is no field: %j', async (extra) => {
    const answer = await service.write('POST', '/api/instructors', { ...ada, ...extra })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(await answer.json())).toContain(Object.keys(extra)[0])
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', '//x', 'x', 'https://'])(
    'an organisation at %s',
    async (url) => {
      const answer = await service.write('POST', '/api/organisations', { name: 'X', url })
      expect(answer.status).toBe(422)
    },
  )
})

test('SQL in every field is a name like any other', async () => {
  const sql = `'); drop table instructors.instructor; --`
  const fields = [
    'firstName',
    'middleName',
    'lastName',
    'academicTitle',
    'title',
    'organisation',
    'biography',
  ]
  const body = Object.fromEntries(fields.map((field) => [field, sql]))
  const added = await (await service.write('POST', '/api/instructors', body)).json()
  expect(added).toMatchObject(body)
  const found = await service.get(`/api/instructors?q=${encodeURIComponent(sql)}`)
  expect((await found.json()).items).toHaveLength(1)
})

test('every write needs the operator’s token', async () => {
  for (const [method, path] of [
    ['POST', '/api/instructors'],
    ['PUT', '/api/instructors/1'],
    ['DELETE', '/api/instructors/1'],
    ['POST', '/api/organisations'],
    ['PUT', '/api/organisations/1'],
    ['DELETE', '/api/organisations/1'],
    ['PUT', '/api/courses/1/organisations'],
    ['POST', '/api/courses/1/testimonials'],
    ['DELETE', `/api/testimonials/${randomUUID()}`],
  ] as const) {
    const answer = await service.get(path, { method, headers: { Authorization: 'Bearer wrong' } })
    expect([method, path, answer.status]).toEqual([method, path, 401])
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  }
})

test('what is not offered is 405, and says what is', async () => {
  const answer = await service.write('DELETE', '/api/instructors')
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST'])
})

test('all endpoints are described, each with its own name', async () => {
  const { paths } = await (await service.inside('/internal/openapi.json')).json()
  const operations = Object.values<Record<string, { operationId: string }>>(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  expect(operations).toHaveLength(17)
  expect(new Set(operations).size).toBe(17)
})
