import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all, essay, matching, multiple, numeric, ordering, single, text } from './fixture.ts'
import { type Answer, answer, score } from './index.ts'

const file = '019ad2f0-0000-7000-8000-000000000001'

const points = (question: Parameters<typeof score>[0], answer?: Answer) =>
  score(question, answer).points

describe('marks', () => {
  test('a single choice is right or wrong, and says why', () => {
    expect(score(single, 'b')).toMatchObject({ points: 2, of: 2, verdict: 'right' })
    expect(score(single, 'a')).toMatchObject({
      points: 0,
      verdict: 'wrong',
      explanations: ['why a', '<p>All in all.</p>'],
    })
  })

  test('an essay waits for a teacher and tells nothing until then', () => {
    expect(score(essay, { text: 'Because.', files: [] })).toMatchObject({
      points: 0,
      of: 2,
      verdict: 'waiting',
      explanations: [],
    })
    expect(score(essay, { text: '', files: [file] })).toMatchObject({ verdict: 'waiting' })
    for (const none of [undefined, { text: ' ', files: [] }, 'Because.', []])
      expect(score(essay, none)).toMatchObject({ verdict: 'unanswered', points: 0 })
    expect(answer.parse({ text: 'a', files: [file] })).toEqual({ text: 'a', files: [file] })
    expect(answer.safeParse({ text: 'a', files: ['../etc/passwd'] }).success).toBe(false)
  })

  test('what is left open is not explained', () => {
    expect(score(single, undefined)).toMatchObject({ verdict: 'unanswered', explanations: [] })
    expect(score(ordering, [])).toMatchObject({ verdict: 'unanswered', explanations: [] })
  })

  test('of several choices each right one counts and each wrong one takes one back', () => {
    expect(points(multiple, ['a', 'b'])).toBe(2)
    expect(score(multiple, ['a'])).toMatchObject({
      points: 1,
      verdict: 'partly',
      right: 1,
      parts: 2,
    })
    expect(points(multiple, ['a', 'b', 'c'])).toBe(1)
    expect(points(multiple, ['a', 'b', 'c', 'd'])).toBe(0)
    expect(score(multiple, ['a']).explanations).toContain('why b')
  })

  test.each([
    ['0.4 m', 'right'],
    ['0,25 m', 'right'],
    ['25cm', 'right'],
    ['1/4 m', 'right'],
    ['0.25', 'unit'],
    ['0.25 kg', 'unit'],
    ['0.41 m', 'wrong'],
    ['a lot', 'wrong'],
    ['', 'unanswered'],
  ])('the number %s is %s', (answer, verdict) => {
    expect(score(numeric, answer).verdict).toBe(verdict)
  })

  test('a wrong answer that was foreseen is explained', () => {
    expect(score(numeric, '9').explanations).toContain('the other way round')
    expect(score(text, 'INNER  join').explanations).toContain('it loses rows')
  })

  test('a short text may be typed in many ways', () => {
    expect(points(text, '  Left outer\tJOIN ')).toBe(2)
    expect(points(text, 'left join')).toBe(0)
  })

  test('each pair and each neighbour counts', () => {
    expect(points(matching, { a: 'to-a', b: 'to-c', c: 'to-c' })).toBe(1)
    expect(points(ordering, ['a', 'b', 'c', 'd'])).toBe(2)
    expect(score(ordering, ['b', 'c', 'd', 'a'])).toMatchObject({
      right: 2,
      parts: 3,
      points: 1.33,
    })
    expect(points(ordering, ['d', 'c', 'b', 'a'])).toBe(0)
  })

  test('no answer whatever earns less than nothing or more than there is', () => {
    const words = fc.constantFrom('a', 'b', 'c', 'd', 'to-a', 'to-b', '__proto__', '0.3 m', '')
    const answers = fc.oneof(
      fc.string(),
      words,
      fc.array(words),
      fc.dictionary(words, words),
      fc.constant(undefined),
    )
    fc.assert(
      fc.property(fc.constantFrom(...all), answers, (question, answer) => {
        const mark = score(question, answer)
        expect(mark.points).toBeGreaterThanOrEqual(0)
        expect(mark.points).toBeLessThanOrEqual(question.points)
        expect(mark.verdict === 'right').toBe(mark.points === question.points)
      }),
    )
  })

  test('one more right choice or pair never costs points', () => {
    const some = fc.subarray(['a', 'b', 'c', 'd'])
    fc.assert(
      fc.property(some, fc.constantFrom('a', 'b'), (chosen, more) => {
        expect(points(multiple, [...chosen, more])).toBeGreaterThanOrEqual(points(multiple, chosen))
        const pairs = Object.fromEntries(chosen.map((key) => [key, 'to-d']))
        expect(points(matching, { ...pairs, [more]: `to-${more}` })).toBeGreaterThanOrEqual(
          points(matching, pairs),
        )
      }),
    )
  })
})
