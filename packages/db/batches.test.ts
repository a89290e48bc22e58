import { expect, test } from 'vitest'
import { inBatches } from './batches.ts'

const refusal = () => Object.assign(new Error('taken'), { code: '23505' })

test('alone a write goes at once; what arrives meanwhile goes together, in order', async () => {
  const batches: number[][] = []
  const write = inBatches(
    async (batch: number[]) => {
      batches.push(batch)
      await new Promise((resolve) => setImmediate(resolve))
      return batch.map((one) => one * 10)
    },
    { atOnce: 1, most: 3 },
  )
  const made = await Promise.all([1, 2, 3, 4, 5].map(write))
  expect(made).toEqual([10, 20, 30, 40, 50])
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
})

test('a batch weighs no more than it may, but for one that alone does', async () => {
  const batches: number[][] = []
  const write = inBatches(
    async (batch: number[]) => {
      batches.push(batch)
      await new Promise((resolve) => setImmediate(resolve))
      return batch
    },
    { atOnce: 1, most: 5, weigh: (one) => one },
  )
  await Promise.all([1, 2, 3, 9, 1].map(write))
  expect(batches).toEqual([[1], [2, 3], [9], [1]])
})

test('one that is refused is nobody else’s trouble', async () => {
  const write = inBatches(
    async (batch: number[]) => {
      await Promise.resolve()
      if (batch.includes(3)) throw refusal()
      return batch
    },
    { atOnce: 1 },
  )
  const settled = await Promise.allSettled([1, 2, 3, 4].map(write))
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
})

test('when nobody knows what was stored, none is written again', async () => {
  let writes = 0
  const write = inBatches(
    async () => {
      writes += 1
      throw Object.assign(new Error('closed'), { code: 'CONNECTION_CLOSED' })
    },
    { atOnce: 1 },
  )
  const settled = await Promise.allSettled([1, 2, 3].map(write))
  expect(settled.every(({ status }) => status === 'rejected')).toBe(true)
  expect(writes).toBe(2)
})
