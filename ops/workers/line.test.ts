import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type End, Line, question } from './line.ts'

/** Two ends that hear each other, as the two sides of a process's channel do. */
function ends(): [End & EventEmitter, End & EventEmitter] {
  class Half extends EventEmitter {
    other: Half | undefined
    send(message: object, done: (error: Error | null) => void): boolean {
      const sent: unknown = JSON.parse(JSON.stringify(message))
      setImmediate(() => this.other?.emit('message', sent))
      done(null)
      return true
    }
  }
  const [left, right] = [new Half(), new Half()]
  left.other = right
  right.other = left
  return [left, right]
}

const double = question('double', z.number(), z.number())

test('a question is answered, and many at once are told apart', async () => {
  const [left, right] = ends()
  const asking = new Line(left)
  new Line(right).answer(double, async (number) => number * 2)
  const answers = await Promise.all([1, 2, 3].map((number) => asking.ask(double, number, 1000)))
  expect(answers).toEqual([2, 4, 6])
})

test('what fails, is not understood, or never answers is an error', async () => {
  const [left, right] = ends()
  const asking = new Line(left)
  const answering = new Line(right)
  await expect(asking.ask(double, 1, 1000)).rejects.toThrow('double is not answered here')
  answering.answer(double, async () => {
    throw new Error('no numbers today')
  })
  await expect(asking.ask(double, 1, 1000)).rejects.toThrow('no numbers today')
  const words = question('double', z.string(), z.string())
  answering.answer(words, async (text) => text)
  await expect(asking.ask(double, 1, 1000)).rejects.toThrow()
  answering.answer(double, () => new Promise(() => {}))
  await expect(asking.ask(double, 1, 20)).rejects.toThrow('no answer within 20 ms')
})

test('whoever waits for a process that is gone need not wait on', async () => {
  const [left, right] = ends()
  const asking = new Line(left)
  new Line(right).answer(double, () => new Promise(() => {}))
  const answer = asking.ask(double, 1, 60_000)
  left.emit('message', 'something that a library sent')
  left.emit('disconnect')
  await expect(answer).rejects.toThrow('gone')
})
