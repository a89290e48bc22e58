import type { Question } from '@colonnade/questions'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursePlan, quizOf, single } from '../fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from '../fixture/service.ts'
import { markAll } from '../grading/end.ts'
import { sumOf } from '../grading/marks.ts'
import type { Analysed } from '../queries/teaching.ts'
import { analyse } from './analysis.ts'
import { csvOf } from './csv.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
})

const read = async (path: string) => await (await service.operator('GET', path)).json()

describe('who teaches a course', () => {
  test('reads who learns, page by page, and the same as CSV', async () => {
    const people = [
      await enrolled(service, 1),
      await enrolled(service, 1),
      await enrolled(service, 1),
    ]
    const [first, second] = people
    await first?.add(entry('done', { lesson: 'l1' }))
    await first?.handIn('exam', { q1: 'a' })
    await second?.ask('POST', `${second.path}/leave`)
    const { items, next } = await read('/api/courses/1/learners?limit=2')
    const rest = await read(`/api/courses/1/learners?limit=2&cursor=${next}`)
    expect(rest.next).toBeNull()
    const all = [...items, ...rest.items]
    expect(all.map(({ person }) => person).toSorted()).toEqual(
      people.map(({ id }) => id).toSorted(),
    )
    const own = all.find(({ person }) => person === first?.id)
    expect(own).toMatchObject({ done: ['l1'], share: 0.125, threshold: null, waiting: 0 })
    expect(all.find(({ person }) => person === second?.id).leftAt).not.toBeNull()
    const csv = await service.operator('GET', '/api/courses/1/learners.csv')
    expect(csv.headers.get('content-disposition')).toContain('learners-1.csv')
    const lines = (await csv.text()).trimEnd().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe(
      'enrolment,person,revision,enrolled,left,completed,last seen,lessons done,grade,threshold,waiting',
    )
    expect(lines.find((line) => line.startsWith(own.enrolment))).toMatch(/,1,0\.125,,0$/)
  })

  test('reads where learners are, lesson by lesson', async () => {
    service.publish(coursePlan(2))
    const begun = Date.now() - 600_000
    const position = (lesson: string, seconds: number) =>
      entry('position', { lesson, at: begun + seconds * 1000 })
    const [one, other] = [await enrolled(service, 2), await enrolled(service, 2)]
    await one.add(
      position('l1', 0),
      position('l1', 40),
      entry('done', { lesson: 'l1', at: begun + 50_000 }),
    )
    await one.add(position('l2', 60))
    await other.add(position('l1', 0))
    await other.add(position('l1', 30))
    const { lessons } = await read('/api/courses/2/progress')
    expect(lessons).toEqual([
      { lesson: 'l1', title: 'First', reached: 2, done: 1, left: 1, seconds: 30 },
      { lesson: 'l2', title: 'Second', reached: 1, done: 0, left: 1, seconds: 0 },
    ])
  })

  test('reads what waits for a mark, until it is marked', async () => {
    service.publish(coursePlan(3))
    const attempts = []
    for (const text of ['One.', 'Two.']) {
      const one = await enrolled(service, 3)
      attempts.push(await one.handIn('essay', { e1: { text, files: [] } }))
    }
    const first = await read('/api/courses/3/essays?limit=1')
    const rest = await read(`/api/courses/3/essays?limit=1&cursor=${first.next}`)
    const waiting = [...first.items, ...rest.items].map(({ attempt }) => attempt)
    expect(waiting).toEqual(attempts)
    expect(rest.next).toBeNull()
    const path = `/api/attempts/${attempts[0]}`
    expect((await read(path)).answers.e1.answer).toEqual({ text: 'One.', files: [] })
    await service.operator('POST', `${path}/marks`, { question: 'e1', points: 2 })
    expect((await read('/api/courses/3/essays')).items).toMatchObject([{ attempt: attempts[1] }])
  })

  test('reads how the questions of an item do', async () => {
    service.publish(coursePlan(4))
    for (const [q1, q2] of ['aa', 'ab', 'ba', 'bb', 'cb'].map((text) => text.split(''))) {
      const one = await enrolled(service, 4)
      await one.handIn('exam', { q1, q2 })
    }
    const { attempts, questions } = await read('/api/courses/4/analysis?item=exam')
    expect(attempts).toBe(5)
    expect(questions).toMatchObject([
      {
        question: 'q1',
        asked: 5,
        answered: 5,
        difficulty: 0.4,
        wrong: [
          { answer: '<p>b</p>', count: 2 },
          { answer: '<p>c</p>', count: 1 },
        ],
      },
      { question: 'q2', difficulty: 0.4, wrong: [{ answer: '<p>b</p>', count: 3 }] },
    ])
    expect(questions[0].discrimination).toBeCloseTo(1 / 6)
    expect((await read('/api/courses/4/analysis?item=none')).questions).toEqual([])
  })

  test('is an administrator, the operator, or whoever owns it', async () => {
    service.publish(coursePlan(5))
    const owner = await service.person('learner', 'instructor')
    const other = await service.person('learner', 'instructor')
    const administrator = await service.person('learner', 'instructor', 'administrator')
    service.peers.owners.set(5, [owner.id])
    const status = async (one: { ask: typeof owner.ask }) =>
      (await one.ask('GET', '/api/courses/5/learners')).status
    expect(await status(owner)).toBe(200)
    expect(await status(other)).toBe(403)
    expect(await status(administrator)).toBe(200)
    expect(await status(await service.person())).toBe(403)
    const learner = await enrolled(service, 5)
    expect((await owner.ask('GET', `${learner.path}/grade`)).status).toBe(200)
    expect((await other.ask('GET', `${learner.path}/grade`)).status).toBe(404)
  })
})

test('a question that strong learners get wrong discriminates badly', () => {
  const questions: Question[] = ['x', 'y', 'z'].map(single)
  const quiz = quizOf('quiz', questions)
  const attempts = ['aac', 'aac', 'aac', 'bba', 'bba', 'abc'].map((text): Analysed => {
    const [x = '', y = '', z = ''] = text
    const marks = markAll(quiz, 's', { x, y, z })
    return { answers: { x, y, z }, marks, points: sumOf(marks) }
  })
  const [, , last] = analyse(quiz, attempts)
  expect(last?.difficulty).toBeCloseTo(1 / 3)
  expect(last?.discrimination).toBeLessThan(-0.8)
  const same = analyse(quiz, [...attempts.slice(0, 2), ...attempts.slice(0, 3)])
  expect(same[0]).toMatchObject({ difficulty: 1, discrimination: null })
  expect(analyse(quiz, attempts.slice(0, 4))[0]?.discrimination).toBeNull()
})

test('CSV holds no formula that a learner could have written', () => {
  expect(csvOf([['=1+1', '@x', '-2', 'a "b", c', null, -2]])).toBe(
    `\ufeff'=1+1,'@x,'-2,"a ""b"", c",,-2\r\n`,
  )
})
