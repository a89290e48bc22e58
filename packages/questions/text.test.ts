import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matches, readNumber } from './text.ts'

describe('patterns', () => {
  test('a star stands for anything, all else for itself', () => {
    const pieces = fc.array(fc.stringMatching(/^[a-z.+(]{0,5}$/), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(pieces, fc.stringMatching(/^[a-z.+(]{0,5}$/), (parts, filling) => {
        expect(matches(parts.join('*'), parts.join(filling))).toBe(true)
      }),
    )
    expect(matches('a.c', 'abc')).toBe(false)
    expect(matches('*a*b', 'xxab')).toBe(true)
    expect(matches('*a*b', 'xxba')).toBe(false)
  })

  test('the worst pattern on the worst text takes no time', () => {
    const started = performance.now()
    expect(matches(`${'*a'.repeat(100)}*b`, 'a'.repeat(400))).toBe(false)
    expect(performance.now() - started).toBeLessThan(200)
  })
})

describe('numbers', () => {
  test.each([
    ['1,234', [1.234, 1234]],
    ['0,714', [0.714]],
    ['1,234.5', [1234.5]],
    ['1.234,5', [1234.5]],
    ['1,234,567', [1234567]],
    ['1 000', [1000]],
    ['−3.5e2', [-350]],
    ['5 / 8', [0.625]],
    ['5/0', []],
    ['one', []],
  ])('%s is read as %j', (given, values) => {
    expect(readNumber(given).values).toEqual(values)
  })

  test('what is left over is the unit', () => {
    expect(readNumber('71.4 %')).toEqual({ values: [71.4], unit: '%' })
    expect(readNumber('9.81 m/s')).toEqual({ values: [9.81], unit: 'm/s' })
  })

  test('every number is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
        (n) => {
          expect(readNumber(String(n)).values).toContain(n === 0 ? n : Number(String(n)))
        },
      ),
    )
  })
})
