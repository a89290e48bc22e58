import { grade } from '@colonnade/questions'
import { localPath, renderHtml, translator } from '@colonnade/ui'
import { describe, expect, test } from 'vitest'
import { CoursePage } from './course.tsx'
import { EnrolPage } from './enrol.tsx'
import { GradePage } from './grade.tsx'
import { ItemPage } from './item.tsx'
import type { CourseData, EnrolData, ItemData, RunningAttempt } from './model.ts'
import { MyPage } from './my.tsx'
import { whenText } from './when.tsx'

const course = { slug: 'chance', title: 'Chance', language: 'en', direction: 'ltr' as const }
const zone = 'Europe/Madrid'
const at = new Date('2026-12-01T22:59:00Z')
const en = { t: translator('en'), local: (path: string) => path }
const es = { t: translator('es'), local: (path: string) => localPath('es', path) }
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll(' ', ' ')

test('an instant is told in the reader’s zone, which is named', () => {
  expect(whenText(at, zone, en.t)).toBe('Tuesday, 1 December 2026 at 23:59 (Europe/Madrid)')
  expect(whenText(at, 'America/New_York', es.t)).toContain('17:59 (America/New York)')
})

describe('enrolling', () => {
  const open: EnrolData = {
    course: { ...course, subtitle: 'Reasoning', modules: 2, lessons: 7, minutes: 90 },
    state: 'open',
    startsAt: null,
    endsAt: at,
    seatsLeft: 3,
    isSignedIn: true,
    zone,
  }
  const page = (more: Partial<EnrolData>, how = en) =>
    renderHtml(<EnrolPage data={{ ...open, ...more }} {...how} />)

  test('says who may, until when and how many, and has one button', () => {
    const html = page({})
    expect(html).toContain('method="post" action="/enrol/chance"')
    expect(textOf(html)).toMatch(/Seats left 3/)
    expect(html).toContain('2026-12-01T22:59:00.000Z')
    expect(page({}, es)).toContain('action="/es/enrol/chance"')
  })

  test('asks for a code, and says when it is another', () => {
    expect(page({ state: 'code' })).toContain('name="code"')
    expect(page({ state: 'code', wrong: 'code' })).toContain('aria-invalid="true"')
  })

  test('leads who is not signed in to an account and back', () => {
    const html = page({ isSignedIn: false }, es)
    expect(html).toContain('/es/sign-up?next=%2Fes%2Fenrol%2Fchance')
    expect(html).not.toContain('<form')
  })

  test.each(['early', 'ended', 'full', 'closed', 'enrolled'] as const)(
    '%s has no form',
    (state) => {
      expect(page({ state })).not.toContain('<form')
    },
  )
})

test('my courses: what is due, where I was, what is completed', () => {
  const mine = {
    ...course,
    lessons: 7,
    done: 2,
    next: { title: 'Dice', href: '/learn/chance/lessons/dice' },
    due: { title: 'First quiz', href: '/my/courses/chance/items/q', at },
    completedAt: null,
    certificate: null,
  }
  const done = { ...mine, slug: 'bread', title: 'Bread', completedAt: at, certificate: 'c1' }
  const html = renderHtml(<MyPage data={{ courses: [mine, done], calendar: null, zone }} {...en} />)
  expect(textOf(html)).toContain('2 of 7 lessons done')
  expect(html).toContain('href="/certificates/c1"')
  expect(textOf(html)).toMatch(/Due next: First quiz , Tuesday, 1 December/)
  const empty = renderHtml(<MyPage data={{ courses: [], calendar: null, zone }} {...es} />)
  expect(empty).toContain('href="/es/courses"')
})

test('a course shows each graded item’s state', () => {
  const item = { key: 'q', title: 'Quiz', kind: 'quiz' as const, share: null, due: null }
  const data: CourseData = {
    ...{ id: 1, course },
    modules: [
      {
        key: 'm',
        title: 'One',
        lessons: [
          {
            key: 'l',
            slug: 'dice',
            title: 'Dice',
            minutes: 5,
            isDone: true,
            isReached: true,
            items: [
              { ...item, state: 'open', due: { at, extended: true } },
              { ...item, key: 'a b', state: 'waiting', kind: 'assignment' },
              { ...item, key: 'g', state: 'graded', share: 0.75 },
            ],
          },
        ],
      },
    ],
    next: null,
    completedAt: null,
    certificate: null,
    grade: { share: 0.5, threshold: null, waiting: 1 },
    newer: { added: ['Cards'], removed: [] },
    zone,
  }
  const html = renderHtml(<CoursePage data={data} {...en} />)
  expect(textOf(html)).toMatch(/Open · Due, extended for you, Tuesday/)
  expect(textOf(html)).toContain('Waiting for your teacher')
  expect(textOf(html)).toContain('75%')
  expect(html).toContain('/my/courses/chance/items/a%20b')
  expect(textOf(html)).toContain('Cards')
  expect(html).toContain('action="/my/courses/chance/leave"')
})

describe('an item', () => {
  const essay = {
    key: 'e',
    html: '<p>Why?</p>',
    points: 4,
    type: 'essay' as const,
    files: true,
    rubric: [{ key: 'clear', html: '<p>Clear</p>', points: 4 }],
  }
  const text = { key: 't', html: '<p>Which?</p>', points: 1, type: 'text' as const }
  const data: ItemData = {
    course,
    enrolment: 'e1',
    person: 'p1',
    item: {
      key: 'q',
      title: 'Quiz',
      kind: 'quiz',
      questions: 2,
      points: 5,
      attempts: 2,
      minutes: 30,
    },
    lesson: { title: 'Dice', href: '/learn/chance/lessons/dice' },
    due: { at, extended: false },
    zone,
    rule: 'best',
    attempts: [],
    attemptsLeft: 2,
    shut: null,
    shown: null,
    now: new Date('2026-12-01T22:00:00Z'),
  }
  const page = (more: Partial<ItemData>) =>
    renderHtml(<ItemPage data={{ ...data, ...more }} {...en} />)
  const running: RunningAttempt = {
    kind: 'running',
    id: 'a1',
    number: 1,
    endsAt: new Date('2026-12-01T22:24:00Z'),
    questions: [text, essay],
    answers: new Map([
      ['t', { answer: '"><b>left', entry: 'n1' }],
      ['e', { answer: { text: '</textarea><script>', files: ['f1'] }, entry: 'n2' }],
    ]),
    conflicts: new Map([
      [
        't',
        [
          { id: 'n0', at, answer: 'right' },
          { id: 'n1', at, answer: '"><b>left' },
        ],
      ],
    ]),
    files: new Map([['f1', { id: 'f1', name: '<x>.pdf', size: 12_300 }]]),
  }

  test('says the time limit and what is left before it begins', () => {
    const words = textOf(page({}))
    expect(words).toContain('You have 30 min. The clock runs')
    expect(words).toContain('You have 2 attempts left.')
    expect(page({})).toMatch(/name="_attempt" value="[\da-f-]{36}"/)
    expect(page({ shut: 'none-left' })).not.toContain('<form')
  })

  test('runs as one form, filled in with what was saved, whose texts are no markup', () => {
    const html = page({ shown: running, shut: 'running' })
    expect(html).toContain('enctype="multipart/form-data"')
    expect(textOf(html)).toContain('24 min left, until Tuesday, 1 December 2026 at 23:24')
    expect(html).toContain('value="&quot;&gt;&lt;b&gt;left"')
    expect(html).toContain('&lt;/textarea&gt;&lt;script&gt;</textarea>')
    expect(html).toContain('name="_after.t" value="n1"')
    expect(html).toContain('name="e.drop" value="f1"')
    expect(textOf(html)).toContain('&lt;x&gt;.pdf (12 kB)')
    expect(html).toContain('name="_take" value="n0 t"')
    expect(html).not.toContain('<script')
  })

  test('is read afterwards: marks, explanations, what waits, what the teacher said', () => {
    const mark = { points: 1, of: 1, right: 1, parts: 1 }
    const html = page({
      attempts: [
        {
          id: 'a1',
          number: 1,
          startedAt: at,
          endedAt: at,
          endsAt: null,
          endedBy: 'time',
          points: 1,
          of: 5,
          waiting: 1,
        },
      ],
      shown: {
        kind: 'ended',
        id: 'a1',
        number: 1,
        endedAt: at,
        endedBy: 'time',
        questions: [text, essay],
        answers: new Map([['t', 'left']]),
        marks: new Map([
          ['t', { ...mark, question: 't', verdict: 'right', explanations: ['<p>So it is.</p>'] }],
        ]),
        teacher: new Map([['e', { comment: 'Say <more>.', rubric: { clear: 3 } }]]),
        files: new Map(),
        late: 2,
      },
    })
    const words = textOf(html)
    expect(words).toContain('1 of 5 points. 1 answer waits for your teacher.')
    expect(words).toContain('Ended when its time was over')
    expect(words).toContain('So it is.')
    expect(words).toContain('3 of 4 points.')
    expect(words).toContain('Say &lt;more&gt;.')
    expect(words).toContain('2 answers came after the end.')
  })
})

test('a grade is told line by line: which attempt counts, what is dropped, what came late', () => {
  const id = (n: number) => `0190000${n}-0000-7000-8000-000000000000`
  const due = 1_000_000
  const policy = {
    attempt: 'best' as const,
    groups: [
      { key: 'quizzes', weight: 1, drop: 1 },
      { key: 'essays', weight: 3, drop: 0 },
    ],
    late: { graceMs: 0, perDay: 0.1, days: 5 },
    thresholds: [{ name: 'Pass', from: 0.6 }],
  }
  const result = grade(
    [
      { id: id(1), item: 'a', type: 'submitted', at: 1, points: 1, of: 4 },
      { id: id(2), item: 'a', type: 'submitted', at: 2, points: 3, of: 4 },
      { id: id(3), item: 'c', type: 'submitted', at: due + 1, points: 2, of: 2 },
    ],
    [
      { key: 'a', group: 'quizzes', due: null },
      { key: 'b', group: 'quizzes', due: null },
      { key: 'c', group: 'essays', due },
    ],
    policy,
  )
  const html = renderHtml(
    <GradePage
      data={{
        course,
        ...result,
        waiting: 0,
        thresholds: policy.thresholds,
        late: policy.late,
        items: new Map([['a', { title: 'Quiz A', href: '/a' }]]),
        groups: new Map([['quizzes', 'Quizzes']]),
        attempts: new Map([
          [id(1), 1],
          [id(2), 2],
          [id(3), 1],
        ]),
      }}
      {...en}
    />,
  )
  const words = textOf(html)
  expect(words).toContain('Attempt 2 : 3 of 4 points. This one counts: it is the best.')
  expect(words.match(/This one counts/g)).toHaveLength(1)
  expect(words).toContain('Dropped: among the lowest')
  expect(words).toContain('1 day late: 10% of the points are taken for each day. 90% is left.')
  expect(words).toContain('This group is 75% of the grade.')
  expect(words).toContain('86.3% · Pass')
})
