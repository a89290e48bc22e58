import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all } from './fixture.ts'
import { ask, draw, type Quiz } from './index.ts'

const quiz: Quiz = { key: 'check', title: 'Check', draw: 3, shuffle: true, questions: all }

describe('asking', () => {
  test('nothing that is asked tells an answer', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const asked = JSON.stringify(ask({ ...quiz, draw: null }, seed))
        for (const word of [
          'why ',
          'All in all',
          '"right":true',
          'tolerance',
          'outer',
          'left *',
          'inner',
        ])
          expect(asked).not.toContain(word)
      }),
    )
  })

  test('steps and matches never stand in their right order', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        for (const one of ask({ ...quiz, draw: null }, seed).questions) {
          if (one.type === 'ordering')
            expect(one.options.map(({ key }) => key)).not.toEqual(['a', 'b', 'c', 'd'])
          if (one.type === 'matching')
            expect(one.right.map(({ key }) => key)).not.toEqual(['to-a', 'to-b', 'to-c', 'to-d'])
        }
      }),
    )
  })

  test('a seed always draws the same, and what is drawn is what is asked', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        expect(ask(quiz, seed)).toEqual(ask(quiz, seed))
        expect(draw(quiz, seed)).toHaveLength(3)
        expect(new Set(draw(quiz, seed)).size).toBe(3)
        expect(ask(quiz, seed).questions.map(({ key }) => key)).toEqual(
          draw(quiz, seed).map(({ key }) => key),
        )
      }),
    )
  })

  test('every question is drawn about as often as the others', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 600; seed++)
      for (const { key } of draw(quiz, `seed ${seed}`)) counts.set(key, (counts.get(key) ?? 0) + 1)
    const fair = (600 * 3) / all.length
    for (const one of all) {
      expect(counts.get(one.key)).toBeGreaterThan(0.8 * fair)
      expect(counts.get(one.key)).toBeLessThan(1.2 * fair)
    }
  })

  test('without shuffling or drawing the author’s order stays', () => {
    const plain = { ...quiz, draw: null, shuffle: false }
    expect(ask(plain, 'x').questions.map(({ key }) => key)).toEqual(all.map(({ key }) => key))
  })
})
