import { schedule } from '@colonnade/outbox/fixture'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { forgetful, openFaultyLearning } from './fixture/outbox.ts'

let learning: Awaited<ReturnType<typeof openFaultyLearning>>
beforeAll(async () => {
  learning = await openFaultyLearning()
})

test('whatever happens on the way, the log has each thing a learner did once', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (given) => {
      expect(await learning.play(given)).toEqual([])
    }),
    { numRuns: 12, endOnFailure: true },
  )
})

test('an outbox that forgets too early is found out', async () => {
  const found: string[] = []
  const result = await fc.check(
    fc.asyncProperty(schedule, async (given) => {
      found.push(...(await learning.play(given, forgetful)))
      return found.length === 0
    }),
    { numRuns: 50, endOnFailure: true },
  )
  expect(result.failed).toBe(true)
  expect(found).toContainEqual(expect.stringContaining('lost'))
})
