import { schedule } from '@colonnade/outbox/fixture'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { openFaultyLearning } from './fixture/outbox.ts'

let learning: Awaited<ReturnType<typeof openFaultyLearning>>
beforeAll(async () => {
  learning = await openFaultyLearning()
})

test('over 2,000 schedules of faults, the log has each thing a learner did once', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (given) => {
      expect(await learning.play(given)).toEqual([])
    }),
    { numRuns: 2000, endOnFailure: true },
  )
}, 1_800_000)
