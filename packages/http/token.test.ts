import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTrust } from './token.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const day = 86_400_000
const wait = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('a token is taken while the clocks are a minute apart, and signed anew when half its life is over', async () => {
  const [one, other] = [createTrust('secret'), createTrust('secret')]
  const first = await one.header()
  wait(-50_000)
  expect(await other.check(first)).toBe(true)
  wait(50_000 + 140_000)
  expect(await one.header()).toBe(first)
  wait(20_000)
  expect(await one.header()).not.toBe(first)
  wait(240_000)
  expect(await other.check(first)).toBe(false)
})

test.each([2, -2])(
  'what a clock %i days off signs is refused; once it is right again, so is the token',
  async (days) => {
    const [wrong, right] = [createTrust('secret'), createTrust('secret')]
    wait(days * day)
    const signed = await wrong.header()
    wait(-days * day)
    expect(await right.check(signed)).toBe(false)
    expect(await right.check(await wrong.header())).toBe(true)
  },
)

test.each([2, -2])(
  'a token known from before our clock went %i days off is not good for days',
  async (days) => {
    const [one, other] = [createTrust('secret'), createTrust('secret')]
    const signed = await one.header()
    expect(await other.check(signed)).toBe(true)
    wait(days * day)
    expect(await other.check(signed)).toBe(false)
    wait(-days * day)
    expect(await other.check(signed)).toBe(true)
  },
)
