import { defaultPolicy } from '@colonnade/questions'
import { beforeAll, describe, expect, test } from 'vitest'
import { sweep } from '../attempting.ts'
import { coursePlan, item, single } from '../fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from '../fixture/service.ts'
import { openPlans } from '../plan.ts'
import { instantOf } from './due.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
})

const endNow = (attempt: string) =>
  service.db
    .work`update learning.attempt set ends_at = now() - interval '5 s' where id = ${attempt}`
const completedEvents = (enrolment: string) => service.db.work`
  select data from learning.outbox where type = 'learning.completed' and subject = ${`enrolment:${enrolment}`}`

describe('an attempt', () => {
  test('is started once for each id, and only as often as allowed', async () => {
    const one = await enrolled(service, 1)
    const id = crypto.randomUUID()
    const begin = () => one.ask('POST', `${one.path}/attempts`, { id, item: 'exam' })
    const answers = await Promise.all([begin(), begin(), begin()])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
    expect((await one.start('exam')).id).toBe(id)
    await one.add(entry('submit', { attempt: id }))
    await one.handIn('exam', { q1: 'a' })
    const third = await one.ask('POST', `${one.path}/attempts`, {
      id: crypto.randomUUID(),
      item: 'exam',
    })
    expect(third.status).toBe(409)
    const none = await one.ask('POST', `${one.path}/attempts`, {
      id: crypto.randomUUID(),
      item: 'check',
    })
    expect(none.status).toBe(404)
  })

  test('ends on the server’s clock with what had arrived', async () => {
    const one = await enrolled(service, 1)
    const { id: attempt, endsAt, startedAt } = await one.start('timed')
    expect(Date.parse(endsAt) - Date.parse(startedAt)).toBe(30 * 60_000)
    await one.add(entry('answer', { attempt, question: 't1', data: { answer: 'a' } }))
    await endNow(attempt)
    const late = entry('answer', { attempt, question: 't2', data: { answer: 'a' } })
    const results = await one.add(late, entry('submit', { attempt }))
    expect(results).toMatchObject([{ state: 'late' }, { state: 'late' }])
    const ended = await one.json('GET', `/api/attempts/${attempt}`)
    expect(ended).toMatchObject({ endedBy: 'time', points: 1, of: 2 })
    expect(ended.late).toMatchObject([{ entry: late.id }, { question: null }])
  })

  test('of somebody who never comes back is ended too, once', async () => {
    const one = await enrolled(service, 1)
    const { id: attempt } = await one.start('timed')
    await one.add(entry('answer', { attempt, question: 't1', data: { answer: 'a' } }))
    await endNow(attempt)
    const plans = openPlans(service.db, { findPlan: async () => null })
    const { db } = service
    const all = await Promise.all([1, 2].map(() => sweep({ db, plans, nudge: () => {} })))
    expect(Math.max(...all)).toBeGreaterThan(0)
    const grade = await one.grade()
    expect(grade.trace).toContainEqual(expect.objectContaining({ kind: 'attempt', id: attempt }))
  })

  test('gets the time that a teacher adds while it runs, and more attempts', async () => {
    const one = await enrolled(service, 1)
    const { id: attempt, endsAt } = await one.start('timed')
    const extend = (body: object) =>
      service.operator('POST', `${one.path}/extensions`, { item: 'timed', ...body })
    expect((await extend({ minutes: 10, attempts: 1 })).status).toBe(200)
    expect((await extend({ minutes: 5 })).status).toBe(200)
    const later = await one.json('GET', `/api/attempts/${attempt}`)
    expect(Date.parse(later.endsAt) - Date.parse(endsAt)).toBe(10 * 60_000)
    await one.add(entry('submit', { attempt }))
    const second = await one.start('timed')
    expect(second.number).toBe(2)
    expect(Date.parse(second.endsAt) - Date.parse(second.startedAt)).toBe(40 * 60_000)
    expect((await extend({})).status).toBe(422)
    expect((await extend({ item: 'check', minutes: 5 })).status).toBe(422)
  })
})

describe('an essay', () => {
  test('waits for a teacher, whose last mark holds', async () => {
    const one = await enrolled(service, 1)
    const attempt = await one.handIn('essay', { e1: { text: 'Because.', files: [] } })
    expect((await one.state()).grade).toMatchObject({ waiting: 1, share: 0 })
    const mark = (body: object) =>
      service.operator('POST', `/api/attempts/${attempt}/marks`, { question: 'e1', ...body })
    expect((await mark({ rubric: { idea: 4 } })).status).toBe(422)
    expect((await mark({ rubric: { wit: 1 } })).status).toBe(422)
    expect((await mark({ points: 5 })).status).toBe(422)
    expect((await mark({})).status).toBe(422)
    const marked = await mark({ rubric: { idea: 2, style: 1 }, comment: 'Good.' })
    expect(await marked.json()).toMatchObject({
      points: 3,
      waiting: 0,
      marks: [
        { verdict: 'partly', byTeacher: true, rubric: { idea: 2, style: 1 }, comment: 'Good.' },
      ],
    })
    await mark({ points: 4 })
    const { grade, items } = await one.state()
    expect(grade).toMatchObject({ waiting: 0, share: 0.5 })
    expect(items).toContainEqual(expect.objectContaining({ key: 'essay', share: 1, used: 1 }))
    expect((await one.ask('POST', `/api/attempts/${attempt}/marks`, {})).status).toBe(422)
    const own = await one.ask('POST', `/api/attempts/${attempt}/marks`, {
      question: 'e1',
      points: 4,
    })
    expect(own.status).toBe(403)
  })
})

describe('completion', () => {
  test('is told of once, and never taken back', async () => {
    const one = await enrolled(service, 1)
    await one.add(entry('done', { lesson: 'l1' }), entry('done', { lesson: 'l2' }))
    await one.handIn('exam', { q1: 'a', q2: 'a' })
    await one.handIn('timed', { t1: 'a', t2: 'a' })
    expect((await one.state()).completedAt).toBeNull()
    const attempt = await one.handIn('essay', { e1: { text: 'Because.', files: [] } })
    const mark = (points: number) =>
      service.operator('POST', `/api/attempts/${attempt}/marks`, { question: 'e1', points })
    await mark(4)
    const { completedAt, grade } = await one.state()
    expect(grade).toMatchObject({ share: 1, threshold: 'Pass' })
    expect(completedAt).not.toBeNull()
    await mark(0)
    await mark(4)
    expect(await one.state()).toMatchObject({ completedAt })
    expect(await completedEvents(one.enrolment)).toEqual([
      { data: { enrolment: one.enrolment, courseId: 1 } },
    ])
  })
})

/** A revision whose exam has `b` as the right answer to its first question, without the timed exam, with a lesson more. */
function mended(courseId: number) {
  const plan = coursePlan(courseId, { revision: 2 })
  const [module] = plan.modules
  const lesson = module?.lessons[1]
  const exam = lesson?.items[0]
  const question = exam?.quiz?.questions[0]
  if (!module || !lesson || question?.type !== 'single') throw new Error('another fixture')
  for (const option of question.options) option.right = option.key === 'b'
  lesson.items.splice(1, 1)
  module.lessons.push({
    ...{ key: 'l3', slug: 'third', title: 'Third', minutes: 1 },
    items: [item('more', [single('m1')], { group: 'quizzes' })],
  })
  return plan
}

describe('a course graded anew', () => {
  test('says first who changes, and then adds marks', async () => {
    service.publish(coursePlan(2))
    const [right, wrong] = [await enrolled(service, 2), await enrolled(service, 2)]
    await right.handIn('exam', { q1: 'a', q2: 'a' })
    await wrong.handIn('exam', { q1: 'b', q2: 'a' })
    const before = await right.grade()
    service.publish(mended(2))
    const regrade = async (query: string) =>
      await (await service.operator('POST', `/api/courses/2/regrade${query}`, {})).json()
    const preview = await regrade('?preview=yes')
    expect(preview).toMatchObject({ id: null, revision: 2, learners: 2, marks: 2, changed: 2 })
    expect(preview.changes).toContainEqual({
      enrolment: right.enrolment,
      before: before.share,
      after: before.share / 2,
      thresholdBefore: null,
      thresholdAfter: null,
      completes: false,
    })
    expect(await right.grade()).toEqual(before)
    const done = await regrade('')
    expect({ ...done, id: null }).toEqual(preview)
    expect((await right.grade()).share).toBe(before.share / 2)
    expect((await wrong.grade()).share).toBe(before.share)
    expect(await regrade('')).toMatchObject({ marks: 0, changed: 0 })
    const [attempt] = await service.db.work`
      select points from learning.attempt where enrolment_id = ${right.enrolment}`
    expect(attempt).toEqual({ points: 2 })
    const events = await service.db.work`
      select data from learning.outbox where type = 'learning.regraded' and subject = 'grades-of:2'`
    expect(events[0]).toMatchObject({ data: { regrade: done.id, changed: 2 } })
  })
})

describe('learners moved to another revision', () => {
  test('are told what changes; what they completed stays so', async () => {
    service.publish(
      coursePlan(3, {
        policy: {
          ...defaultPolicy(['quizzes', 'essays']),
          completion: { lessons: true, threshold: null },
        },
      }),
    )
    const one = await enrolled(service, 3)
    await one.add(entry('done', { lesson: 'l1' }), entry('done', { lesson: 'l2' }))
    await one.handIn('exam', { q1: 'a', q2: 'a' })
    const { completedAt } = await one.state()
    expect(completedAt).not.toBeNull()
    service.publish(mended(3))
    const move = async (query: string) =>
      await (await service.operator('POST', `/api/courses/3/move${query}`, {})).json()
    const preview = await move('?preview=yes')
    expect(preview).toMatchObject({
      to: 2,
      from: [
        {
          from: 1,
          learners: 1,
          lessons: { added: [{ key: 'l3', title: 'Third' }], gone: [] },
          items: {
            added: [{ key: 'more' }],
            gone: [{ key: 'timed' }],
            changed: [{ key: 'exam' }],
          },
        },
      ],
      changed: 0,
    })
    expect((await one.state()).revision).toBe(1)
    expect(await move('')).toEqual(preview)
    expect(await one.state()).toMatchObject({ revision: 2, lessons: 3, completedAt })
    expect(await move('')).toMatchObject({ from: [], changed: 0 })
  })
})

test.each([
  ['2026-12-01T23:59', 'Europe/Madrid', '2026-12-01T22:59:00.000Z'],
  ['2026-07-01T12:00', 'America/New_York', '2026-07-01T16:00:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Madrid', '2026-10-25T00:30:00.000Z'],
  ['2026-03-29T02:30', 'Europe/Madrid', '2026-03-29T01:30:00.000Z'],
  ['2026-01-01T00:00', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
])('%s in %s is %s', (local, zone, instant) => {
  expect(new Date(instantOf(local, zone)).toISOString()).toBe(instant)
})
