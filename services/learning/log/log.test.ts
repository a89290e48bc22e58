import { uuidv7 } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { type LearningFixture, openLearning } from '../fixture/service.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
})

async function learner() {
  const one = await service.person()
  const { id } = await one.json('POST', '/api/enrolments', { courseId: 1 })
  const add = async (...entries: object[]) =>
    (await one.json('POST', `/api/enrolments/${id}/log`, { entries })).entries
  const start = async (item: string) =>
    await one.json('POST', `/api/enrolments/${id}/attempts`, { id: uuidv7(), item })
  return { ...one, enrolment: id, add, start }
}

const entry = (type: string, more: object = {}) => ({
  id: uuidv7(),
  type,
  at: Date.now(),
  data: {},
  ...more,
})

describe('the log', () => {
  test('keeps each entry once, however often it is sent', async () => {
    const { add, json, enrolment } = await learner()
    const position = entry('position', { lesson: 'l1', data: { anchor: 'x' } })
    const done = entry('done', { lesson: 'l1' })
    expect(await add(position, position)).toMatchObject([{ state: 'kept' }, { state: 'known' }])
    expect(await add(done, position)).toEqual([
      { id: done.id, state: 'kept' },
      { id: position.id, state: 'known' },
    ])
    const { entries, next, more } = await json('GET', `/api/enrolments/${enrolment}/log`)
    expect(entries.map(({ id }: { id: string }) => id)).toEqual([position.id, done.id])
    expect(more).toBe(false)
    const later = entry('note', { lesson: 'l1', data: { note: uuidv7(), text: 'Hm.' } })
    await add(later)
    const rest = await json('GET', `/api/enrolments/${enrolment}/log?after=${next}`)
    expect(rest.entries).toMatchObject([{ id: later.id, data: { text: 'Hm.' }, state: 'kept' }])
    const state = await json('GET', `/api/enrolments/${enrolment}`)
    expect(state).toMatchObject({
      done: ['l1'],
      lessons: 2,
      position: { lesson: 'l1', slug: 'first', anchor: 'x', seconds: null },
    })
  })

  test('takes answers to an attempt, and marks them when it is handed in', async () => {
    const { add, json, start, enrolment } = await learner()
    const attempt = await start('exam')
    expect(attempt).toMatchObject({ number: 1, endsAt: null, marks: null, answers: {} })
    expect(JSON.stringify(attempt.questions)).not.toContain('right')
    const { id } = attempt
    const answer = entry('answer', { attempt: id, question: 'q1', data: { answer: 'a' } })
    const other = entry('answer', { attempt: id, question: 'q2', data: { answer: 'b' } })
    await add(answer, other)
    expect((await json('GET', `/api/attempts/${id}`)).answers).toMatchObject({
      q1: { entry: answer.id, answer: 'a', others: [] },
      q2: { answer: 'b' },
    })
    expect(await add(entry('submit', { attempt: id }))).toMatchObject([{ state: 'kept' }])
    const ended = await json('GET', `/api/attempts/${id}`)
    expect(ended).toMatchObject({ endedBy: 'submit', points: 1, of: 2, waiting: 0 })
    expect(ended.marks).toMatchObject([
      { question: 'q1', points: 1, verdict: 'right', explanations: ['<p>about a</p>'] },
      { question: 'q2', points: 0, verdict: 'wrong' },
    ])
    const after = entry('answer', { attempt: id, question: 'q2', data: { answer: 'a' } })
    expect(await add(after)).toMatchObject([{ state: 'late' }])
    expect((await json('GET', `/api/attempts/${id}`)).late).toMatchObject([
      { entry: after.id, question: 'q2', answer: 'a' },
    ])
    const grade = await json('GET', `/api/enrolments/${enrolment}/grade`)
    expect(grade.trace).toContainEqual(
      expect.objectContaining({ kind: 'attempt', id, points: 1, of: 2, share: 0.5 }),
    )
  })
})
