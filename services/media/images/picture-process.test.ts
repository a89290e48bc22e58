import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { PictureProcess } from './picture-process.ts'
import type { Task } from './picture-work.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-pictures-'))
const file = join(folder, 'maker.mjs')
let maker: PictureProcess

// Stands for the picture maker: the first byte says what it does with the picture.
beforeAll(() => {
  writeFileSync(
    file,
    `process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
    process.on('message', ({ bytes }) => {
      if (bytes[0] === 1) process.kill(process.pid, 'SIGSEGV')
      else if (bytes[0] === 2) while (true);
      else if (bytes[0] === 3) process.exit(1)
      else if (bytes[0] === 4) process.kill(process.pid, 'SIGKILL')
      else process.send({ made: { pid: process.pid, bytes } })
    })`,
  )
  return () => rmSync(folder, { recursive: true })
})
afterEach(() => maker.end())

const task = (kind: number): Task => ({
  kind: 'clean',
  bytes: new Uint8Array([kind, 9]),
  format: 'png',
})
const [fine, crashes, hangs, breaks, killed] = [task(0), task(1), task(2), task(3), task(4)]

const open = (options: { idleMs?: number; most?: number } = {}) => {
  maker = new PictureProcess({ file, ...options })
  return maker
}

async function pidOf(): Promise<number> {
  const result = await maker.run(fine, 60_000)
  return 'made' in result && isMade(result.made) ? result.made.pid : Number.NaN
}

const isMade = (made: unknown): made is { pid: number } =>
  typeof made === 'object' && made !== null && 'pid' in made && typeof made.pid === 'number'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('bytes come back as they were sent, from one process for all pictures', async () => {
  open()
  expect(await maker.run(fine, 60_000)).toMatchObject({ made: { bytes: new Uint8Array([0, 9]) } })
  const [one, other] = await Promise.all([pidOf(), pidOf()])
  expect(one).toBe(other)
  expect(one).not.toBe(process.pid)
})

test.each([
  ['crashes', crashes, true],
  ['leaves', breaks, false],
  ['is killed by others', killed, false],
])('when it %s that picture fails alone, the next has a new process', async (_, bad, byPicture) => {
  open()
  const before = await pidOf()
  const [failed, next] = await Promise.allSettled([maker.run(bad, 60_000), pidOf()])
  expect(failed).toMatchObject({ status: 'rejected', reason: { byPicture } })
  expect(next.status).toBe('fulfilled')
  expect(next).not.toMatchObject({ value: before })
})

test('a picture that takes too long ends its process', async () => {
  open()
  const before = await pidOf()
  await expect(maker.run(hangs, 200)).rejects.toMatchObject({ byPicture: true })
  await vi.waitFor(() => expect(isAlive(before)).toBe(false), { timeout: 20_000 })
  expect(await pidOf()).not.toBe(before)
})

test('it goes when there is nothing to do, and comes back', async () => {
  open({ idleMs: 50 })
  const before = await pidOf()
  await vi.waitFor(() => expect(isAlive(before)).toBe(false), { timeout: 20_000 })
  expect(await pidOf()).not.toBe(before)
})

test('only so many may wait', async () => {
  open({ most: 1 })
  const [first, second, third] = await Promise.allSettled([
    pidOf(),
    pidOf(),
    maker.run(fine, 60_000),
  ])
  expect([first?.status, second?.status]).toEqual(['fulfilled', 'fulfilled'])
  expect(third).toMatchObject({ reason: { byPicture: false } })
})

test('what is under way fails when it is let go', async () => {
  open()
  const before = await pidOf()
  const under = Promise.allSettled([maker.run(hangs, 60_000), maker.run(fine, 60_000)])
  maker.end()
  expect(await under).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  await vi.waitFor(() => expect(isAlive(before)).toBe(false), { timeout: 20_000 })
})

test('a program that is not there fails the picture, not us', async () => {
  maker = new PictureProcess({ file: join(folder, 'nothing.mjs') })
  await expect(maker.run(fine, 60_000)).rejects.toMatchObject({ byPicture: false })
})
