import { uuidv7 } from '@colonnade/http'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from '../fixture/service.ts'

let service: LearningFixture
let learner: Awaited<ReturnType<typeof enrolled>>
let attempt: string
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
  learner = await enrolled(service, 1)
  attempt = await learner.handIn('essay', { e1: { text: 'Because.', files: [] } })
})

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const refused: [string, string, () => string, unknown?][] = [
  ['a NUL in a key', 'GET', () => '/api/courses/1/analysis?item=%00'],
  ['a year before all', 'PUT', () => '/api/courses/1/intake', intake('0000-01-01T00:00:00Z')],
  ['a year after all', 'PUT', () => '/api/courses/1/intake', intake('9999-12-31T23:00:00-12:00')],
  ['a seat too many', 'PUT', () => '/api/courses/1/intake', { mode: 'open', seats: 2 ** 40 }],
  ['no revision', 'POST', () => '/api/courses/1/regrade', { revision: 2 ** 52 }],
  ['a NUL in an item', 'POST', () => `${learner.path}/extensions`, { item: 'a\0', minutes: 1 }],
  ['a rubric of its own', 'POST', marks, { question: 'e1', rubric: { 'a\0': 1 } }],
  ['half a letter', 'POST', marks, { question: 'e1', points: 1, comment: 'a\ud800' }],
  ['points below none', 'POST', marks, { question: 'e1', points: -1 }],
  ['a cursor out of time', 'GET', () => essays(['0000-01-01T00:00:00.000Z', uuidv7()])],
  ['a cursor of another kind', 'GET', () => essays([1, 'x'])],
]

function intake(startsAt: string) {
  return { mode: 'open', startsAt }
}
function marks() {
  return `/api/attempts/${attempt}/marks`
}
function essays(value: unknown) {
  return `/api/courses/1/essays?cursor=${cursor(value)}`
}

test.each(refused)('%s is 422', async (_, method, path, body) => {
  expect((await service.operator(method, path(), body)).status).toBe(422)
})

test('what learners send is 422, or kept as refused; nothing of it is an error of ours', async () => {
  const post = async (path: string, body: unknown) =>
    (await learner.ask('POST', `${learner.path}/${path}`, body)).status
  expect(await post('attempts', { id: uuidv7(), item: 'a\0' })).toBe(422)
  expect(await post('log', { entries: [] })).toBe(422)
  expect(await post('log', { entries: [{ id: 'x' }] })).toBe(422)
  expect(await post('log', { entries: Array.from({ length: 201 }, () => entry('x')) })).toBe(422)
  const odd = [
    { now: 0, entries: [entry('position', { lesson: 'l1', at: 8_640_000_000_000_000 })] },
    { now: 8_640_000_000_000_000, entries: [entry('position', { lesson: 'l1', at: 0 })] },
    { entries: [entry('position', { lesson: 'l1', data: { seconds: 1e300 } })] },
    { entries: [entry('answer', { attempt, question: '\0', data: { answer: { '\0': 'x' } } })] },
    { entries: [entry('check', { item: 'check', data: { seed: '', answers: { c1: 'a' } } })] },
    { entries: [{ ...entry('note'), deep: { er: ['\udfff', { '\0': 1 }] } }] },
    { entries: [entry('done', { lesson: '__proto__' })] },
  ]
  for (const body of odd) expect([body, await post('log', body)]).toEqual([body, 200])
  expect((await learner.ask('GET', `${learner.path}/log?after=${cursor([-1])}`)).status).toBe(422)
})
