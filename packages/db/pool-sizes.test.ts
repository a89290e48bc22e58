import { expect, test } from 'vitest'
import { connectionsOf, poolSizes } from './pool-sizes.ts'

test('pools follow the cores that a process has for itself, within their bounds', () => {
  expect(poolSizes(2, 1)).toEqual({ hot: 1, work: 4, background: 2 })
  expect(poolSizes(2, 2)).toEqual({ hot: 1, work: 2, background: 1 })
  expect(poolSizes(1, 8)).toEqual({ hot: 1, work: 2, background: 1 })
  expect(poolSizes(64, 1)).toEqual({ hot: 4, work: 8, background: 2 })
  expect(connectionsOf(poolSizes(8, 4))).toBe(6)
})
