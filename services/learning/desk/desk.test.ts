import { personHeader, type Role, uuidv7 } from '@colonnade/http'
import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from '../fixture/service.ts'
import { personal } from './paths.ts'

let service: LearningFixture
const teacher = uuidv7()

beforeAll(async () => {
  service = await openLearning()
  for (const id of [1, 2, 3, 4, 5]) {
    service.publish(coursePlan(id))
    service.peers.owners.set(id, [teacher])
  }
})

const ask = async (
  who: string | undefined,
  path: string,
  form?: Record<string, string>,
  ...roles: Role[]
) =>
  await service.get(path, {
    headers: {
      'Sec-Fetch-Site': 'same-origin',
      ...(who ? { [personHeader]: await service.peers.sign(who, roles) } : {}),
    },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  })
const teach = (path: string, form?: Record<string, string>) =>
  ask(teacher, path, form, 'learner', 'instructor')
const text = async (path: string) =>
  (await (await teach(path)).text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

describe('the desk of who teaches', () => {
  test('lists learners by name, with what they did, and says so when there are none', async () => {
    expect(await text('/teach/course-1/learners')).toContain('Nobody has enrolled yet.')
    const one = await enrolled(service, 1)
    service.peers.names.set(one.id, 'Bo <b>Example')
    await one.add(entry('done', { lesson: 'l1' }))
    await one.handIn('exam', { q1: 'a' })
    const html = await (await teach('/teach/course-1/learners')).text()
    expect(html).toContain('Bo &lt;b&gt;Example')
    expect(html).toContain('1 of 2')
    expect(html).toContain('12.5%')
    service.peers.away.add('accounts')
    expect(await text('/teach/course-1/learners')).toContain('Name not known')
    service.peers.away.delete('accounts')
    const own = await text(`/teach/course-1/learners/${one.enrolment}`)
    expect(own).toContain('About exam')
  })

  test('pages through more learners than fit', async () => {
    for (let i = 0; i < 52; i++) await enrolled(service, 2)
    const csv = await teach('/teach/course-2/learners.csv')
    const lines = (await csv.text()).trimEnd().split('\r\n')
    expect(csv.headers.get('content-disposition')).toContain('course-2-learners.csv')
    expect(lines).toHaveLength(53)
    expect(lines[0]).toBe('Name,State,Lessons done,Grade,Last seen')
    expect(lines[1]).toBe('Ada Example,Learning,0,,')
    const html = await (await teach('/teach/course-2/learners')).text()
    const next = /href="([^"]*\?after=[^"]*)"/.exec(html)?.[1] ?? ''
    expect(html.match(/<tr>/g)).toHaveLength(51)
    const rest = await (await teach(next)).text()
    expect(rest.match(/<tr>/g)).toHaveLength(3)
    expect(rest).not.toContain('?after=')
  })

  test('reads an essay, marks it by its rubric, and the learner’s grade follows', async () => {
    const one = await enrolled(service, 3)
    const attempt = await one.handIn('essay', { e1: { text: 'It <i>rises.', files: [] } })
    expect(await text('/teach/course-3/essays')).toContain('1 answer to be marked')
    const path = `/teach/course-3/essays/${attempt}`
    const html = await (await teach(path)).text()
    expect(html).toContain('It &lt;i&gt;rises.')
    const mark = { question: 'e1', 'rubric.idea': '2,5', 'rubric.style': '1', comment: 'Well put.' }
    const wrong = await teach(path, { ...mark, 'rubric.idea': '9' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('Well put.')
    const done = await teach(path, mark)
    expect([done.status, done.headers.get('location')]).toEqual([303, '/teach/course-3/essays'])
    expect(await text('/teach/course-3/essays')).toContain('Nothing waits for you.')
    const state = await (await one.ask('GET', `/api/attempts/${attempt}`)).json()
    expect(state.marks).toMatchObject([{ points: 3.5, comment: 'Well put.', byTeacher: true }])
    // Another course's desk knows nothing of it.
    expect((await teach(`/teach/course-1/essays/${attempt}`)).status).toBe(404)
  })

  test('is there for a course that is hidden, and still only for its teachers', async () => {
    service.publish(coursePlan(6))
    service.peers.owners.set(6, [teacher])
    const one = await enrolled(service, 6)
    await one.handIn('exam', { q1: 'a' })
    service.hide(6)
    expect(await text('/teach/course-6/learners')).toContain('12.5%')
    expect((await teach(`/teach/course-6/learners/${one.enrolment}`)).status).toBe(200)
    const other = await ask(uuidv7(), '/teach/course-6/learners', undefined, 'instructor')
    expect(other.status).toBe(403)
    expect((await teach('/teach/course-77/learners')).status).toBe(404)
    expect((await teach('/teach/%00/learners')).status).toBe(404)
  })

  test('gives a learner more time and attempts', async () => {
    const one = await enrolled(service, 4)
    const path = `/teach/course-4/learners/${one.enrolment}`
    expect((await teach(path, { item: 'exam' })).status).toBe(422)
    expect((await teach(path, { item: 'none', attempts: '1' })).status).toBe(422)
    expect((await teach(path, { item: 'exam', due: 'soon' })).status).toBe(422)
    const done = await teach(path, { item: 'exam', due: '2031-02-03T10:30', attempts: '2' })
    expect(done.headers.get('location')).toBe(`${path}?done=extended`)
    expect(await text(`${path}?done=extended`)).toContain('They have more now.')
    const [row] = await service.db.work`select due_at, attempts, by from learning.extension
      where enrolment_id = ${one.enrolment}`
    expect(row).toMatchObject({ attempts: 2, by: teacher })
    expect((await teach(`/teach/course-1/learners/${one.enrolment}`)).status).toBe(404)
  })

  test('shows where learners stop, and how each question does', async () => {
    for (const q1 of ['a', 'b', 'b', 'c', 'a']) {
      const one = await enrolled(service, 5)
      await one.add(entry('position', { lesson: 'l1' }))
      await one.handIn('exam', { q1 })
    }
    const page = await text('/teach/course-5/progress')
    expect(page).toMatch(/First 5 0 5/)
    expect(page).toContain('The first attempts of 5 learners.')
    expect(page).toMatch(/2 × b/)
  })

  test('says who may enrol, and keeps what was wrong in the form', async () => {
    const path = '/teach/course-1/intake'
    const wrong = await teach(path, { mode: 'code', code: '', seats: '30' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('value="30"')
    const dates = { mode: 'open', starts: '2031-01-02T10:00', ends: '2031-01-01T10:00' }
    expect((await teach(path, dates)).status).toBe(422)
    expect((await teach(path, { mode: 'open', seats: '0' })).status).toBe(422)
    const given = { mode: 'code', code: 'bread', starts: '2031-01-02T10:00', seats: '30' }
    expect((await teach(path, given)).status).toBe(303)
    const html = await (await teach(path)).text()
    for (const value of ['bread', '2031-01-02T10:00', '30'])
      expect(html).toContain(`value="${value}"`)
    await teach(path, { mode: 'open' })
  })
})

describe('every row of the table', () => {
  const rows = readPermissions('a course’s learners, at the desk')
  const someone: Record<string, [string | undefined, Role[]]> = {
    nobody: [undefined, []],
    learner: [uuidv7(), ['learner']],
    instructor: [uuidv7(), ['learner', 'instructor']],
    owner: [teacher, ['learner', 'instructor']],
    administrator: [uuidv7(), ['learner', 'instructor', 'administrator']],
  }

  test('there is one for every page', () => {
    expect(new Set(rows.map(({ path }) => path))).toEqual(new Set(personal))
  })

  test.each(rows)('$method $path', async ({ method, path, answers }) => {
    const one = await enrolled(service, 1)
    const attempt = await one.handIn('essay', { e1: { text: 'Yes.', files: [] } })
    const address = path
      .replace(':slug', 'course-1')
      .replace(':enrolment', one.enrolment)
      .replace(':attempt', attempt)
    for (const [who, [id, roles]] of Object.entries(someone)) {
      const answer = await ask(id, address, method === 'POST' ? {} : undefined, ...roles)
      const away = answer.headers.get('location')?.startsWith('/sign-in')
      const meaning = away ? 'sign in' : answer.status === 403 ? 'no' : 'yes'
      expect(meaning, `${who}: ${answer.status}`).toBe(answers[who])
      if (meaning === 'yes') expect([200, 303, 422]).toContain(answer.status)
    }
  })
})
