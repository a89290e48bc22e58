import { setTimeout as delay } from 'node:timers/promises'
import { createTrust } from '@colonnade/http'
import { expect, test, vi } from 'vitest'
import { createExchange } from './exchange.ts'

const trust = createTrust('a secret for tests')

test('a token is renewed before its time is over, and nobody waits for it', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  let asked = 0
  let answer: (response: Response) => void = () => {}
  const exchange = createExchange(
    {
      async fetch() {
        asked++
        if (asked === 1) return Response.json({ token: 'first', seconds: 14 })
        return await new Promise<Response>((resolve) => {
          answer = resolve
        })
      },
    },
    trust,
  )
  // A second question stays without an answer: whoever waited for it would wait for ever.
  while (asked < 2) {
    expect(await exchange.session('one')).toBe('first')
    await delay(20)
  }
  expect(await exchange.session('one')).toBe('first')
  expect(asked).toBe(2)
  answer(Response.json({ token: 'second', seconds: 14 }))
  await vi.waitFor(async () => expect(await exchange.session('one')).toBe('second'))
})

test('while accounts is away, a token serves on and accounts is not asked by every request', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  let asked = 0
  const exchange = createExchange(
    {
      async fetch() {
        asked++
        if (asked > 1) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
        return Response.json({ token: 'first', seconds: 14 })
      },
    },
    trust,
  )
  while (asked < 2) {
    expect(await exchange.session('one')).toBe('first')
    await delay(20)
  }
  for (let i = 0; i < 10; i++) {
    expect(await exchange.session('one')).toBe('first')
    await delay(1)
  }
  expect(asked).toBe(2)
})
