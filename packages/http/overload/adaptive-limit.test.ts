import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  AdaptiveLimit,
  type Job,
  type LimitOptions,
  type Priority,
  type Refusal,
} from './adaptive-limit.ts'

const options: LimitOptions = { target: 100, patience: 400, waiting: 5, least: 2, most: 8 }

type Seen = Job & { running: boolean; refused: Refusal[]; runs: number }

function job(priority: Priority, since = 0): Seen {
  const one: Seen = {
    priority,
    since,
    gone: false,
    running: false,
    refused: [],
    runs: 0,
    run() {
      one.runs++
      one.running = true
    },
    refuse(reason) {
      one.refused.push(reason)
    },
  }
  return one
}

/** A limit with all its places taken, and who took them. */
function filled() {
  const limit = new AdaptiveLimit(options)
  const running = Array.from({ length: options.most }, () => job('read'))
  for (const one of running) limit.enter(one)
  return { limit, running }
}

test('what finds no place waits, and writes go before reads before crawlers', () => {
  const { limit } = filled()
  const [bot, read, write] = [job('bot'), job('read'), job('write')]
  for (const one of [bot, read, write]) limit.enter(one)
  expect([bot.runs, read.runs, write.runs]).toEqual([0, 0, 0])
  limit.leave(1, 0)
  expect([bot.runs, read.runs, write.runs]).toEqual([0, 0, 1])
  limit.leave(1, 0)
  expect([bot.runs, read.runs, write.runs]).toEqual([0, 1, 1])
})

test('crawlers never take more than half of the places', () => {
  const limit = new AdaptiveLimit(options)
  const bots = Array.from({ length: 6 }, () => job('bot'))
  for (const one of bots) limit.enter(one)
  expect(bots.filter(({ runs }) => runs === 1)).toHaveLength(4)
})

test('nobody waits longer than the patience, and one that left is passed by', () => {
  const { limit } = filled()
  const [early, left, late] = [job('read', 0), job('read', 0), job('read', 300)]
  for (const one of [early, left, late]) limit.enter(one)
  limit.abandon(left)
  limit.expire(450)
  expect(early.refused).toEqual(['late'])
  expect(left.refused).toEqual([])
  expect(late.refused).toEqual([])
  limit.leave(1, 450)
  expect([left.runs, late.runs]).toEqual([0, 1])
})

test('a full queue refuses, unless somebody less important gives up a place', () => {
  const { limit } = filled()
  const waiting = Array.from({ length: options.waiting }, () => job('read'))
  for (const one of waiting) limit.enter(one)
  const read = job('read')
  limit.enter(read)
  expect(read.refused).toEqual(['full'])
  const write = job('write')
  limit.enter(write)
  expect(write.refused).toEqual([])
  expect(waiting.at(-1)?.refused).toEqual(['full'])
})

test('the limit shrinks while work is late and grows while it is wanted and in time', () => {
  const limit = new AdaptiveLimit({ ...options, most: 200 })
  const before = limit.limit
  let now = 0
  const work = (elapsed: number) => {
    for (let i = 0; i < 200; i++) {
      now += 20
      while (limit.waiting < 3) limit.enter(job('read', now))
      limit.leave(elapsed, now)
    }
  }
  work(150)
  expect(limit.limit).toBe(options.least)
  work(50)
  expect(limit.limit).toBeGreaterThan(before)
})

test('it goes below its least places only while work takes longer than is tolerable, and comes back', () => {
  const limit = new AdaptiveLimit({
    ...options,
    least: 16,
    most: 200,
    below: { fewest: 3, tolerable: 500 },
  })
  let now = 0
  const work = (elapsed: number, failed = false, times = 400) => {
    for (let i = 0; i < times; i++) {
      now += 20
      while (limit.waiting < 3) limit.enter(job('read', now))
      limit.leave(elapsed, now, failed)
    }
    return limit.limit
  }
  expect(work(450)).toBe(16)
  // A database that is away fails all at once: that says nothing of how much can be done.
  expect(work(800, true)).toBe(16)
  expect(work(550)).toBe(3)
  // In time again, as after a moment's standstill: they are back after three looks at eight jobs each.
  expect(work(50, false, 24)).toBe(16)
  expect(work(550)).toBe(3)
  // Later than it should be, but tolerable: it gets its least places back, and no more.
  expect(work(450)).toBe(16)
  expect(work(50)).toBe(200)
})

test('every job runs once or is refused once, and never more run than the limit allows', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('enter' as const),
      priority: fc.constantFrom<Priority>('write', 'read', 'bot'),
    }),
    fc.record({ kind: fc.constant('leave' as const), elapsed: fc.integer({ min: 0, max: 300 }) }),
    fc.record({ kind: fc.constant('abandon' as const) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 500 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const limit = new AdaptiveLimit(options)
      const jobs: Seen[] = []
      let now = 0
      for (const one of steps) {
        if (one.kind === 'enter') {
          const next = job(one.priority, now)
          jobs.push(next)
          const room = limit.limit
          const before = limit.inflight
          limit.enter(next)
          if (next.running) expect(before).toBeLessThan(room)
        } else if (one.kind === 'leave') {
          const running = jobs.find(({ running }) => running)
          if (!running) continue
          running.running = false
          limit.leave(one.elapsed, now)
        } else if (one.kind === 'abandon') {
          const waiting = jobs.find((one) => one.runs + one.refused.length === 0 && !one.gone)
          if (waiting) limit.abandon(waiting)
        } else {
          now += one.ms
          limit.expire(now)
        }
        expect(limit.inflight).toBe(jobs.filter(({ running }) => running).length)
        expect(limit.waiting).toBe(
          jobs.filter(({ runs, refused, gone }) => !gone && runs + refused.length === 0).length,
        )
      }
      for (const { runs, refused, gone } of jobs) {
        expect(runs + refused.length).toBeLessThanOrEqual(gone ? 0 : 1)
      }
    }),
  )
})
