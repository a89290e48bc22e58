import { afterEach, expect, test, vi } from 'vitest'
import { Breaker } from './breaker.ts'

afterEach(() => {
  vi.useRealTimers()
})

const fails = async () => {
  throw new Error('away')
}

async function opened(): Promise<Breaker> {
  const breaker = new Breaker('reviews/summary')
  for (let i = 0; i < 5; i++) await expect(breaker.execute(fails)).rejects.toThrow('away')
  return breaker
}

test('after five failures in a row it asks nobody, and says so', async () => {
  const breaker = await opened()
  expect(breaker.open).toBe(true)
  const work = vi.fn<() => Promise<number>>(async () => 1)
  await expect(breaker.execute(work)).rejects.toThrow('reviews/summary: failed too often')
  expect(work).not.toHaveBeenCalled()
})

test('four failures and a success leave it closed', async () => {
  const breaker = new Breaker('one')
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) await breaker.execute(fails).catch(() => {})
    expect(await breaker.execute(async () => 'here')).toBe('here')
  }
  expect(breaker.open).toBe(false)
})

test('a second later one tries, the others wait for its outcome, and it closes', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const breaker = await opened()
  vi.advanceTimersByTime(1001)
  const work = vi.fn<() => Promise<string>>(async () => 'back')
  const all = await Promise.all([breaker.execute(work), breaker.execute(work)])
  expect(all).toEqual(['back', 'back'])
  expect(breaker.open).toBe(false)
})

test('a try that fails keeps it open for another second, and those who waited are not let through', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const breaker = await opened()
  vi.advanceTimersByTime(1001)
  const work = vi.fn<() => Promise<never>>(fails)
  const outcomes = await Promise.allSettled([breaker.execute(work), breaker.execute(work)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(work).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(999)
  await expect(breaker.execute(work)).rejects.toThrow('failed too often')
})

test.each([2, -2])('a clock set by %i days neither opens, closes nor freezes it', async (days) => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const breaker = await opened()
  vi.setSystemTime(Date.now() + days * 86_400_000)
  await expect(breaker.execute(async () => 1)).rejects.toThrow('failed too often')
  vi.advanceTimersByTime(1001)
  expect(await breaker.execute(async () => 1)).toBe(1)
})
