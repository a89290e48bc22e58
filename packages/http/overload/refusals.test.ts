import { beforeEach, expect, test } from 'vitest'
import { Refusals } from './refusals.ts'

let refusals: Refusals
let said: number[]
let now: number

beforeEach(() => {
  refusals = new Refusals()
  said = []
  now = performance.now()
})

function refuse(count: number): void {
  for (let i = 0; i < count; i++) {
    const mine = said.length + refusals.waiting
    refusals.say(() => said.push(mine), now)
  }
}

/** Lets a tenth of a second pass. */
function pass(busy: number, answers = 0): void {
  for (let i = 0; i < answers; i++) refusals.answered()
  now += 100
  refusals.look(now, busy)
}

test('a process that has time refuses everybody at once', () => {
  refuse(5000)
  pass(0.5)
  refuse(5000)
  expect(said).toHaveLength(10_000)
})

test('a busy one refuses some for each answer; nobody waits longer than two seconds', () => {
  for (let i = 0; i < 50; i++) pass(1, 800)
  const before = said.length
  refuse(5000)
  expect(said.length - before).toBeLessThan(130)
  // Fifteen of a hundred answers: 1200 a second.
  for (let i = 0; i < 10; i++) pass(1, 800)
  expect(said.length - before).toBeGreaterThan(1200)
  expect(said.length - before).toBeLessThan(1400)
  for (let i = 0; i < 10; i++) pass(1, 800)
  expect(said.length - before).toBe(5000)
  expect(said).toEqual([...said.keys()])
})

test('a busy one that answers nothing refuses a hundred a second all the same', () => {
  pass(1)
  refuse(100)
  for (let i = 0; i < 10; i++) pass(1)
  expect(said).toHaveLength(100)
})

test('those who wait hear at once when there is time again', () => {
  pass(1)
  refuse(1000)
  expect(refusals.waiting).toBeGreaterThan(900)
  pass(0.3)
  expect(refusals.waiting).toBe(0)
  expect(said).toEqual([...said.keys()])
})
