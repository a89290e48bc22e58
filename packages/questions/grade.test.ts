import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GradedItem, grade, type LogEntry, type Policy } from './index.ts'

const day = 86_400_000
const due = 100 * day
const items: GradedItem[] = [
  { key: 'q1', group: 'quizzes', due },
  { key: 'q2', group: 'quizzes', due },
  { key: 'q3', group: 'quizzes', due: null },
  { key: 'exam', group: 'exams', due },
]
const policy: Policy = {
  attempt: 'best',
  groups: [
    { key: 'quizzes', weight: 40, drop: 1 },
    { key: 'exams', weight: 60, drop: 0 },
  ],
  late: { graceMs: 600_000, perDay: 0.1, days: 5 },
  thresholds: [
    { name: 'pass', from: 0.5 },
    { name: 'distinction', from: 0.9 },
  ],
}
let count = 0
const nextId = () => `0000${String(count++).padStart(6, '0')}`
const submitted = (item: string, points: number, at = 0): LogEntry => ({
  id: nextId(),
  item,
  type: 'submitted',
  at,
  points,
  of: 10,
})
const shareOf = (log: LogEntry[], changed: Partial<Policy> = {}) =>
  grade(log, items, { ...policy, ...changed }).share

describe('a grade', () => {
  test('is told line by line', () => {
    const log = [submitted('q1', 10), submitted('q2', 5), submitted('exam', 8, due + 2 * day)]
    const { share, threshold, trace } = grade(log, items, policy)
    expect(share).toBeCloseTo(0.4 * 0.75 + 0.6 * 0.64)
    expect(threshold).toBe('pass')
    expect(trace.filter(({ kind }) => kind === 'item')).toMatchObject([
      { item: 'q1', share: 1, dropped: false },
      { item: 'q2', share: 0.5, dropped: false },
      { item: 'q3', share: 0, attempts: 0, dropped: true },
      { item: 'exam', dropped: false },
    ])
    expect(trace).toContainEqual(
      expect.objectContaining({ kind: 'attempt', item: 'exam', daysLate: 2, points: 8, of: 10 }),
    )
    expect(trace.at(-1)).toEqual({ kind: 'total', threshold: 'pass', share })
  })

  test.each([
    ['best', 0.9],
    ['last', 0.3],
    ['average', 0.6],
  ] as const)('takes the %s attempt', (attempt, share) => {
    const log = [submitted('exam', 9), submitted('exam', 3)]
    expect(shareOf(log, { attempt })).toBeCloseTo(share * 0.6)
  })

  test.each([
    [0, 1],
    [600_000, 1],
    [600_001, 0.9],
    [day, 0.9],
    [day + 1, 0.8],
    [5 * day, 0.5],
    [5 * day + 1, 0],
  ])('%d ms after the deadline it keeps %d of the points', (late, kept) => {
    expect(shareOf([submitted('exam', 10, due + late)])).toBeCloseTo(0.6 * kept)
  })

  test('an extension gives time and never takes it', () => {
    const late = submitted('exam', 10, due + 3 * day)
    const extended = (to: number): LogEntry => ({
      id: nextId(),
      item: 'exam',
      type: 'extended',
      due: to,
    })
    expect(shareOf([late, extended(due + 3 * day)])).toBeCloseTo(0.6)
    expect(shareOf([late, extended(due - day)])).toBeCloseTo(0.6 * 0.7)
  })

  test('a teacher’s latest mark holds, within what there is to earn', () => {
    const essay = submitted('exam', 0)
    const marked = (points: number): LogEntry => ({
      id: nextId(),
      item: 'exam',
      type: 'marked',
      submission: essay.id,
      points,
    })
    expect(shareOf([essay, marked(5), marked(7)])).toBeCloseTo(0.42)
    expect(shareOf([essay, marked(-3)])).toBe(0)
    expect(shareOf([essay, marked(99)])).toBeCloseTo(0.6)
  })

  test('marks of questions come on top of what the rest earned, until the whole is marked', () => {
    const quiz = submitted('exam', 4)
    const marked = (points: number, question?: string): LogEntry => ({
      id: nextId(),
      item: 'exam',
      type: 'marked',
      submission: quiz.id,
      points,
      ...(question === undefined ? {} : { question }),
    })
    const log = [quiz, marked(1, 'a'), marked(2, 'b'), marked(3, 'a')]
    expect(shareOf(log)).toBeCloseTo(0.9 * 0.6)
    expect(shareOf([...log, marked(5)])).toBeCloseTo(0.5 * 0.6)
    expect(shareOf([...log, marked(5), marked(1, 'b')])).toBeCloseTo(0.6 * 0.6)
  })

  test('a group without items takes no weight, and the last result is never dropped', () => {
    const groups = [
      { key: 'exams', weight: 1, drop: 3 },
      { key: 'essays', weight: 9, drop: 0 },
    ]
    expect(shareOf([submitted('exam', 10)], { groups })).toBe(1)
    expect(shareOf([], { groups: [] })).toBe(0)
  })
})

const key = fc.constantFrom('q1', 'q2', 'q3', 'exam', 'unknown')
const at = fc.integer({ min: due - 3 * day, max: due + 8 * day })
const entry = fc.oneof(
  fc.record({
    type: fc.constant('submitted' as const),
    item: key,
    at,
    points: fc.integer({ min: -5, max: 15 }),
    of: fc.integer({ min: 0, max: 10 }),
  }),
  fc.record({ type: fc.constant('extended' as const), item: key, due: at }),
  fc.record({
    type: fc.constant('marked' as const),
    item: key,
    submission: fc.constantFrom('id000', 'id001', 'id002'),
    points: fc.integer({ min: -5, max: 15 }),
  }),
)
const logs = fc
  .array(entry, { maxLength: 12 })
  .map((list) =>
    list.map((one, n): LogEntry => ({ ...one, id: `id${String(n).padStart(3, '0')}` })),
  )
const policies = fc.record({
  attempt: fc.constantFrom('best' as const, 'last' as const, 'average' as const),
  groups: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(9), fc.nat(9)).map(([a, b, v, w]) => [
    { key: 'quizzes', weight: v, drop: a },
    { key: 'exams', weight: w, drop: b },
  ]),
  late: fc.option(
    fc.record({
      graceMs: fc.nat(day),
      perDay: fc.double({ min: 0, max: 1, noNaN: true }),
      days: fc.nat(9),
    }),
  ),
  thresholds: fc.constant(policy.thresholds),
})

describe('whatever the log', () => {
  test('a grade lies between nothing and all, and so does every line', () => {
    fc.assert(
      fc.property(logs, policies, (log, given) => {
        for (const { share } of grade(log, items, given).trace) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1 + 1e-9)
        }
      }),
    )
  })

  test('the order of arrival and arriving twice make no difference', () => {
    fc.assert(
      fc.property(logs, policies, fc.infiniteStream(fc.nat()), (log, given, ranks) => {
        const mixed = [...log, ...log]
          .map((one) => ({ one, rank: ranks.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one)
        expect(grade(mixed, items, given)).toEqual(grade(log, items, given))
      }),
    )
  })

  test('where the best attempt counts, one more attempt never costs', () => {
    fc.assert(
      fc.property(logs, policies, key, at, fc.nat(10), (log, given, item, when, points) => {
        const best = { ...given, attempt: 'best' as const }
        const more: LogEntry = { id: 'z', item, type: 'submitted', at: when, points, of: 10 }
        expect(grade([...log, more], items, best).share).toBeGreaterThanOrEqual(
          grade(log, items, best).share - 1e-9,
        )
      }),
    )
  })

  test('dropping more results never costs, and an extension never does', () => {
    fc.assert(
      fc.property(logs, policies, key, at, (log, given, item, later) => {
        const before = grade(log, items, given).share
        const groups = given.groups.map((group) => ({ ...group, drop: group.drop + 1 }))
        expect(grade(log, items, { ...given, groups }).share).toBeGreaterThanOrEqual(before - 1e-9)
        const extended: LogEntry = { id: 'z', item, type: 'extended', due: later }
        expect(grade([...log, extended], items, given).share).toBeGreaterThanOrEqual(before - 1e-9)
      }),
    )
  })
})
