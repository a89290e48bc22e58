import { uuidv7 } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { learningClient } from './contract.ts'
import { coursePlan } from './fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from './fixture/service.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
})

const intake = (courseId: number, body: object) =>
  service.operator('PUT', `/api/courses/${courseId}/intake`, body)

async function tryIn(courseId: number, body: object = {}) {
  const one = await service.person()
  return (await one.ask('POST', '/api/enrolments', { courseId, ...body })).status
}

const taken = async (courseId: number) =>
  (await (await service.operator('GET', `/api/courses/${courseId}/intake`)).json()).taken

describe('enrolling', () => {
  test('pins the published revision, is done once, and is told of', async () => {
    service.publish(coursePlan(10))
    const one = await service.person()
    const id = uuidv7()
    const first = await one.ask('POST', '/api/enrolments', { id, courseId: 10 })
    expect(first.status).toBe(201)
    expect(await first.json()).toMatchObject({
      id,
      courseId: 10,
      revision: 1,
      run: 'self-paced',
      completedAt: null,
      done: [],
      lessons: 2,
      position: null,
      items: [{ key: 'exam', attempts: 2, used: 0 }, { key: 'timed' }, { key: 'essay' }],
      next: { item: 'essay' },
    })
    const again = await one.ask('POST', '/api/enrolments', { id: uuidv7(), courseId: 10 })
    expect([again.status, (await again.json()).id]).toEqual([200, id])
    service.publish(coursePlan(10, { revision: 2 }))
    expect((await one.json('GET', '/api/enrolments')).items).toMatchObject([{ id, revision: 1 }])
    const told = await service.db.work`
      select 1 from learning.outbox where type = 'learning.enrolled' and subject = 'learners-of:10'`
    expect(told).toHaveLength(1)
  })

  test('needs a course, and somebody', async () => {
    expect(await tryIn(404)).toBe(404)
    const nobody = await service.get('/api/enrolments', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ courseId: 10 }),
    })
    expect(nobody.status).toBe(401)
    expect(await tryIn(10, { id: 'x' })).toBe(422)
  })

  test('by a code, in a time, or not at all', async () => {
    service.publish(coursePlan(11))
    expect((await intake(11, { mode: 'code' })).status).toBe(422)
    await intake(11, { mode: 'code', code: 'Blue Door' })
    expect(await tryIn(11)).toBe(403)
    expect(await tryIn(11, { code: 'red door' })).toBe(403)
    expect(await tryIn(11, { code: ' blue door ' })).toBe(201)
    const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    await intake(11, { mode: 'open', startsAt: hour(1) })
    expect(await tryIn(11)).toBe(409)
    await intake(11, { mode: 'open', startsAt: hour(-2), endsAt: hour(-1) })
    expect(await tryIn(11)).toBe(409)
    await intake(11, { mode: 'open', startsAt: hour(-2), endsAt: hour(1) })
    expect(await tryIn(11)).toBe(201)
    await intake(11, { mode: 'closed' })
    expect(await tryIn(11)).toBe(409)
    expect((await intake(11, { mode: 'open', startsAt: hour(2), endsAt: hour(1) })).status).toBe(
      422,
    )
  })

  test('gives exactly as many seats as there are, however many come at once', async () => {
    service.publish(coursePlan(12))
    await intake(12, { mode: 'open', seats: 5 })
    const people = await Promise.all(Array.from({ length: 20 }, () => service.person()))
    const ask = (one: (typeof people)[number]) =>
      one.ask('POST', '/api/enrolments', { courseId: 12 })
    // Everybody asks twice, as an impatient browser does.
    const answers = await Promise.all(people.flatMap((one) => [ask(one), ask(one)]))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(5)
    expect(new Set(statuses)).toEqual(new Set([200, 201, 409]))
    expect(await taken(12)).toBe(5)
    expect((await intake(12, { mode: 'open', seats: 4 })).status).toBe(409)
    const [mine] = await service.db.work<{ id: string; person: string }[]>`
      select id, person from learning.enrolment where course_id = 12 limit 1`
    const inside = people.find(({ id }) => id === mine?.person)
    expect((await inside?.ask('POST', `/api/enrolments/${mine?.id}/leave`))?.status).toBe(204)
    expect((await inside?.ask('POST', `/api/enrolments/${mine?.id}/leave`))?.status).toBe(204)
    expect(await taken(12)).toBe(4)
    expect(await tryIn(12)).toBe(201)
  })

  test('again after leaving goes on with what was done', async () => {
    service.publish(coursePlan(13))
    const one = await enrolled(service, 13)
    await one.add(entry('done', { lesson: 'l1' }))
    await one.handIn('timed', { t1: 'a' })
    await one.ask('POST', `${one.path}/leave`)
    expect((await one.json('GET', '/api/enrolments')).items).toEqual([])
    // What a device still held is not lost on who has left.
    expect(await one.add(entry('done', { lesson: 'l2' }))).toMatchObject([{ state: 'kept' }])
    const start = () => one.ask('POST', `${one.path}/attempts`, { id: uuidv7(), item: 'exam' })
    expect((await start()).status).toBe(409)
    const back = await one.ask('POST', '/api/enrolments', { courseId: 13 })
    expect(back.status).toBe(201)
    expect(await back.json()).toMatchObject({ id: one.enrolment, leftAt: null, done: ['l1', 'l2'] })
    const timed = await one.ask('POST', `${one.path}/attempts`, { id: uuidv7(), item: 'timed' })
    expect(timed.status).toBe(409)
    expect((await start()).status).toBe(201)
    expect(await taken(13)).toBe(1)
  })

  test('is nobody else’s to see', async () => {
    service.publish(coursePlan(14))
    const [one, other] = [await enrolled(service, 14), await enrolled(service, 14)]
    const { id: attempt } = await one.start('exam')
    for (const path of [one.path, `${one.path}/grade`, `/api/attempts/${attempt}`]) {
      expect([path, (await other.ask('GET', path)).status]).toEqual([path, 404])
      expect([path, (await one.ask('GET', path)).status]).toEqual([path, 200])
    }
    for (const path of [`${one.path}/leave`, `${one.path}/move`])
      expect([path, (await other.ask('POST', path)).status]).toEqual([path, 404])
  })

  test('is known to other services', async () => {
    service.publish(coursePlan(15))
    const one = await enrolled(service, 15)
    const client = learningClient(
      { fetch: async (path, init) => await service.get(path, init) },
      service.context.trust,
    )
    const state = { id: one.enrolment, courseId: 15, revision: 1, completed: null }
    expect(await client.listEnrolments(one.id)).toEqual([state])
    expect(await client.listEnrolments(one.id, 15)).toEqual([state])
    expect(await client.listEnrolments(one.id, 16)).toEqual([])
    expect(await client.listLearners([15, 999])).toEqual([{ courseId: 15, learners: 1 }])
    expect((await service.get(`/internal/enrolments?person=${one.id}`)).status).toBe(401)
  })
})
