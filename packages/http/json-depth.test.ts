import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeeperThan } from './json-depth.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0

test('any value is as deep as its lists and objects', () => {
  // Text that looks like brackets and ends of strings is what could mislead.
  const text = fc.string({ unit: fc.constantFrom('[', '{', '}', ']', '"', '\\', 'ß', 'a') })
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      text,
      fc.constant(null),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value
  fc.assert(
    fc.property(value, (given) => {
      const json = new TextEncoder().encode(JSON.stringify(given))
      const depth = depthOf(given)
      expect(isDeeperThan(json, depth)).toBe(false)
      if (depth > 0) expect(isDeeperThan(json, depth - 1)).toBe(true)
    }),
  )
})

test('brackets that never close are told apart too', () => {
  expect(isDeeperThan(Buffer.alloc(250_000, '['), 100)).toBe(true)
  expect(isDeeperThan(Buffer.from('"\\'), 0)).toBe(false)
})
