import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backupName, prune } from './prune.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colonnade-prune-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const backups = [1, 2, 3, 10].map((day) => backupName(new Date(Date.UTC(2026, 8, day, 4, 5, 6))))

test('the newest backups stay, and everything that is none', () => {
  const others = ['notes.txt', 'colonnade-before-the-move.tar.age', `${backups[0]}.part`]
  for (const name of [...backups, ...others]) writeFileSync(join(folder, name), '')
  expect(prune(folder, 2)).toEqual(backups.slice(0, 2))
  expect(readdirSync(folder).sort()).toEqual([...backups.slice(2), ...others].sort())
})

test('fewer than are to be kept all stay', () => {
  for (const name of backups) writeFileSync(join(folder, name), '')
  expect(prune(folder, 5)).toEqual([])
  expect(readdirSync(folder)).toHaveLength(4)
})
