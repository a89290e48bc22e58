import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Copies } from './copies.ts'
import type { Piece } from './piece.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-copies-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fail = (error: unknown) => {
  throw error
}
/** Two processes on one folder. */
const [one, other] = [new Copies(folder, fail), new Copies(folder, fail)]

const piece = (html: string): Piece => ({
  kind: 'html',
  html,
  tags: ['course:1'],
  maxAge: 60,
  assets: [],
  meta: {},
})

test('several who keep the same copy never leave half of it, nor a draft', async () => {
  const long = ['a', 'b'].map((letter) => piece(letter.repeat(300_000)))
  for (let times = 0; times < 20; times++) {
    for (const [at, copies] of [one, other].entries()) {
      const chosen = long[(times + at) % 2]
      if (chosen) copies.keep('key', chosen)
    }
    const read = await new Copies(folder, fail).find('key')
    if (times > 0) expect(long).toContainEqual(read)
    await Promise.all([one.flushed(), other.flushed()])
  }
  const names = readdirSync(folder, { recursive: true }).map(String)
  expect(names.filter((name) => name.includes('.')).every((name) => name.endsWith('.json'))).toBe(
    true,
  )
})

test('a copy that another process has removed is written again', async () => {
  one.keep('again', piece('kept'))
  other.keep('again', piece('kept'))
  await Promise.all([one.flushed(), other.flushed()])
  await one.remove(() => true)
  await other.remove(() => true)
  other.keep('again', piece('kept'))
  await other.flushed()
  expect(await one.find('again')).toEqual(piece('kept'))
})

test('what is what it was is not written again, and what is not is, whatever came between', async () => {
  const copies = new Copies(folder, fail)
  const kept = async (html: string) => {
    copies.keep('turns', piece(html))
    await copies.flushed()
    return await copies.find('turns')
  }
  expect(await kept('first')).toEqual(piece('first'))
  await new Promise((resolve) => setTimeout(resolve, 150))
  const [file] = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.json') && readFileSync(name, 'utf8').includes('"turns"'))
  const before = statSync(file ?? '').mtimeMs
  await kept('first')
  expect(statSync(file ?? '').mtimeMs).toBe(before)
  copies.keep('turns', piece('second'))
  copies.keep('turns', piece('first'))
  await copies.flushed()
  expect(await copies.find('turns')).toEqual(piece('first'))
  expect(await kept('third')).toEqual(piece('third'))
})
