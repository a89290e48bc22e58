import { uuidv7 } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from '../fixture/service.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
})

const learner = () => enrolled(service, 1)

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
  test('keeps what does not fit, with the reason, and lets the rest through', async () => {
    const { add, json, start, path } = await learner()
    const { id: attempt } = await start('exam')
    const elsewhere = await (await learner()).start('exam')
    const answer = (more: object) => entry('answer', { attempt, question: 'q1', ...more })
    const wrong = [
      entry('done', { lesson: 'l9' }),
      entry('dance', { lesson: 'l1' }),
      answer({ question: 'q9', data: { answer: 'a' } }),
      answer({ attempt: uuidv7(), data: { answer: 'a' } }),
      answer({ attempt: elsewhere.id, data: { answer: 'a' } }),
      answer({ data: { answer: 7 } }),
      answer({ data: { answer: 'a\0' } }),
      answer({ data: { answer: 'a\ud800' } }),
      answer({ at: -1, data: { answer: 'a' } }),
      entry('check', { item: 'exam', data: { seed: 's', answers: {} } }),
      entry('note', { lesson: 'l1', data: { note: uuidv7(), text: 'x'.repeat(200_000) } }),
    ]
    const right = answer({ data: { answer: 'a' } })
    const results = await add(...wrong, right)
    expect(results.map(({ state }: { state: string }) => state)).toEqual([
      ...wrong.map(() => 'refused'),
      'kept',
    ])
    for (const { why } of results.slice(0, -1)) expect(why).toMatch(/\w+ \w+/)
    const { entries } = await json('GET', `${path}/log`)
    expect(entries).toHaveLength(wrong.length + 1)
    expect(await add(...wrong)).toMatchObject(wrong.map(() => ({ state: 'known' })))
    const { answers } = await json('GET', `/api/attempts/${attempt}`)
    expect(answers).toEqual({ q1: expect.objectContaining({ entry: right.id, others: [] }) })
  })

  test('keeps both where two devices disagree, until somebody settles it', async () => {
    const { add, json, start } = await learner()
    const { id: attempt } = await start('exam')
    const answer = (value: string, more: object = {}) =>
      entry('answer', { attempt, question: 'q1', data: { answer: value }, ...more })
    const [one, other] = [answer('a'), answer('b', { at: Date.now() + 5 })]
    expect(await add(one)).toEqual([{ id: one.id, state: 'kept' }])
    expect(await add(other)).toEqual([{ id: other.id, state: 'kept', conflict: one.id }])
    const both = await json('GET', `/api/attempts/${attempt}`)
    expect(both.answers.q1.others).toHaveLength(1)
    const last = answer('c', { after: other.id, settles: [one.id] })
    expect(await add(last)).toEqual([{ id: last.id, state: 'kept' }])
    const settled = await json('GET', `/api/attempts/${attempt}`)
    expect(settled.answers.q1).toMatchObject({ entry: last.id, answer: 'c', others: [] })
  })

  test('sets a wrong clock right, and believes none that is ahead', async () => {
    const { ask, json, path } = await learner()
    const day = 86_400_000
    const send = (at: number, now?: number) =>
      ask('POST', `${path}/log`, { now, entries: [entry('position', { lesson: 'l1', at })] })
    await send(Date.now() - day - 60_000, Date.now() - day)
    await send(Date.now() + day)
    const { entries } = await json('GET', `${path}/log`)
    const [behind, ahead] = entries.map(({ at }: { at: number }) => at - Date.now())
    expect(behind).toBeGreaterThan(-120_000)
    expect(behind).toBeLessThan(-50_000)
    expect(ahead).toBeLessThanOrEqual(0)
  })

  test('is one’s own: nobody else reads or writes it', async () => {
    const { path } = await learner()
    const other = await learner()
    const entries = [entry('done', { lesson: 'l1' })]
    expect((await other.ask('POST', `${path}/log`, { entries })).status).toBe(404)
    expect((await other.ask('GET', `${path}/log`)).status).toBe(404)
    expect((await service.get(`${path}/log`)).status).toBe(401)
    const rows = await service.db.work`select 1 from learning.log where type = 'done'
      and enrolment_id = ${path.split('/').at(-1) ?? ''}`
    expect(rows).toHaveLength(0)
  })

  test('goes on while courses are away', async () => {
    const one = await learner()
    service.peers.away.add('courses')
    expect(await one.add(entry('done', { lesson: 'l1' }))).toMatchObject([{ state: 'kept' }])
    service.peers.away.delete('courses')
  })
})
