import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

test('small values are exact', () => {
  const histogram = new Histogram()
  for (let value = 1; value <= 200; value++) histogram.record(value)
  expect(histogram.count).toBe(200)
  expect([50, 90, 99, 100].map((percent) => histogram.percentile(percent))).toEqual([
    100, 180, 198, 200,
  ])
  expect(histogram.mean).toBe(100.5)
})

test.each([255, 256, 257, 1000, 65_535, 65_536, 999_999, 10_000_000, 60_000_000])(
  '%i is off by less than one percent, and never to the better',
  (value) => {
    const histogram = new Histogram()
    histogram.record(value)
    histogram.record(value * 4)
    const read = histogram.percentile(50)
    expect(read).toBeGreaterThanOrEqual(value)
    expect(read).toBeLessThan(value * 1.01)
  },
)

test('agrees with sorted values', () => {
  const histogram = new Histogram()
  let seed = 7
  const values = Array.from({ length: 10_000 }, () => {
    seed = (seed * 48_271) % 2_147_483_647
    return Math.floor(Math.exp((seed / 2_147_483_647) * 16))
  })
  for (const value of values) histogram.record(value)
  values.sort((a, b) => a - b)
  for (const percent of [1, 25, 50, 75, 90, 99, 99.9]) {
    const exact = values[Math.ceil((percent / 100) * values.length) - 1] ?? 0
    expect(histogram.percentile(percent)).toBeGreaterThanOrEqual(exact)
    expect(histogram.percentile(percent)).toBeLessThanOrEqual(exact * 1.01)
  }
  expect(histogram.percentile(100)).toBe(values.at(-1))
})

test('one of many shows in the tail only, and not above the largest', () => {
  const histogram = new Histogram()
  histogram.record(1000, 999)
  histogram.record(5_000_000)
  expect(histogram.percentile(99)).toBeLessThan(1010)
  expect(histogram.percentile(99.95)).toBe(5_000_000)
  expect(histogram.max).toBe(5_000_000)
})

test('travels and adds up', () => {
  const first = new Histogram()
  first.record(10, 3)
  const second = new Histogram()
  second.record(70_000)
  const both = Histogram.from(JSON.parse(JSON.stringify(first))).add(second.toJSON())
  expect(both.count).toBe(4)
  expect(both.percentile(75)).toBe(10)
  expect(both.max).toBe(70_000)
  expect(both.mean).toBe((30 + 70_000) / 4)
})

test('holds nothing at first', () => {
  expect(new Histogram().percentile(99)).toBe(0)
  expect(new Histogram().mean).toBe(0)
})
