import { uuidv7 } from '@colonnade/http'
import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { type LearningFixture, openLearning } from '../fixture/service.ts'
import { withParts } from '../plan.ts'
import { adopt } from './adopt.ts'

let learning: LearningFixture
beforeAll(async () => {
  learning = await openLearning()
  learning.publish(coursePlan(1))
})

type Person = Awaited<ReturnType<LearningFixture['person']>>

async function enrolled() {
  const person = await learning.person()
  const { id } = await person.json('POST', '/api/enrolments', { courseId: 1 })
  const add = (entries: object[]) =>
    person.json('POST', `/api/enrolments/${id}/log`, {
      entries: entries.map((entry) => ({ id: uuidv7(), at: Date.now(), ...entry })),
    })
  return { person, id, add }
}

const here = async (person: Person, query = '&lesson=first') =>
  await person.ask('GET', `/my/here?course=1${query}`)

test('the public part is the same for everyone, and a link without scripts', async () => {
  const { person } = await enrolled()
  for (const path of ['enrol?course=1&slug=course-1', 'here?course=1&slug=course-1&lesson=first']) {
    const nobody = await (await learning.get(`/fragments/learning/${path}`)).text()
    const somebody = await (await person.ask('GET', `/fragments/learning/${path}`)).text()
    expect(somebody).toBe(nobody)
    expect(nobody).toContain('href="/enrol/course-1"')
  }
  const address = '/fragments/learning/enrol?course=1&slug=course-1'
  const spanish = await (await learning.get(`${address}&lang=es`)).text()
  expect(spanish).toContain('href="/es/enrol/course-1"')
  expect((await learning.get('/fragments/learning/here?course=1')).status).toBe(404)
  expect((await learning.get('/fragments/learning/here?course=none&slug=x')).status).toBe(404)
})

test('the own part is for who is enrolled, and kept by nobody', async () => {
  const { person, id } = await enrolled()
  const answer = await here(person)
  expect(answer.headers.get('cache-control')).toBe('private, no-store')
  const html = await answer.text()
  expect(html).toContain(`data-enrolment="${id}"`)
  expect(html).toContain(`data-person="${person.id}"`)
  expect(html).toContain('data-items="{&quot;check&quot;:&quot;check&quot;}"')
  expect(html).toContain('data-next="/learn/course-1/lessons/second"')
  expect(html).toContain('0 of 2 lessons done')
  const stranger = await learning.person()
  expect((await here(stranger)).status).toBe(204)
  expect((await learning.get('/my/here?course=1')).status).toBe(401)
  expect((await here(person, '&lesson=none')).status).toBe(200)
  expect((await person.ask('GET', '/my/here?course=x')).status).toBe(404)
})

test('it says what is done, where one was, what was noted and where to go on', async () => {
  const { person, add } = await enrolled()
  const note = uuidv7()
  await add([
    { type: 'done', lesson: 'l1' },
    { type: 'position', lesson: 'l1', data: { anchor: 'reading' } },
    { type: 'note', lesson: 'l1', data: { note, text: '<b>Mine</b>', anchor: 'reading' } },
  ])
  const html = await (await here(person)).text()
  expect(html).toContain('<span data-done-as="button" hidden>')
  expect(html).toContain('1 of 2 lessons done')
  expect(html).toContain('<a href="#reading">Go on where you were</a>')
  expect(html).toContain('&lt;b&gt;Mine&lt;/b&gt;')
  const course = await (await here(person, '&lang=es')).text()
  expect(course).toContain('href="/es/learn/course-1/lessons/second"')
})

test('what a browser kept before there was an account becomes the learner’s log', async () => {
  const { person, id, add } = await enrolled()
  const kept = {
    course: 1,
    lesson: 'second',
    read: ['first', 'gone'],
    quizzes: { 'first-check': 'seed=1&c1=a&c2=b', 'second-exam': 'seed=1&q1=a', 'no-quiz': 'x=1' },
  }
  const answer = await person.json('POST', '/my/here', kept)
  expect(answer).toEqual({
    enrolment: id,
    entries: [
      { type: 'done', lesson: 'l1', data: {} },
      {
        ...{ type: 'check', lesson: 'l1', item: 'check' },
        data: { seed: '1', answers: { c1: 'a', c2: 'b' } },
      },
      { type: 'position', lesson: 'l2', data: {} },
    ],
  })
  const { entries } = await add(answer.entries)
  expect(entries.map(({ state }: { state: string }) => state)).toEqual(['kept', 'kept', 'kept'])
  expect((await person.ask('POST', '/my/here', { course: 'x' })).status).toBe(422)
  expect((await (await learning.person()).ask('POST', '/my/here', kept)).status).toBe(404)
})

test('nothing is adopted of what was left empty', () => {
  const plan = withParts(coursePlan(1))
  const quizzes = { 'first-check': 'seed=1&c1=' }
  expect(adopt(plan, { course: 1, read: [], quizzes })).toEqual([])
})

test('the part is for whom the table of permissions says', async () => {
  const meanings: Record<number, string> = { 200: 'yes', 204: 'nothing' }
  const askers: Record<string, () => Promise<Person['ask']>> = {
    nobody: async () => (method, path, body) =>
      learning.get(path, { method, ...(body ? { body: JSON.stringify(body) } : {}) }),
    'learner in it': async () => (await enrolled()).person.ask,
    learner: async () => (await learning.person()).ask,
    administrator: async () => (await learning.person('administrator')).ask,
  }
  const rows = readPermissions('a learner’s part of public pages')
  expect(rows).toHaveLength(2)
  for (const { method, path, answers } of rows) {
    for (const [who, expected] of Object.entries(answers)) {
      const ask = await askers[who]?.()
      const body = method === 'POST' ? { course: 1 } : undefined
      const answer = await ask?.(method, `${path}?course=1`, body)
      const status = answer?.status ?? 0
      expect(meanings[status] ?? String(status), `${who} ${method}`).toBe(expected)
    }
  }
})
