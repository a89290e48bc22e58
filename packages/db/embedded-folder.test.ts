import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findBinaries, makeRunnable } from './embedded-binaries.ts'
import { dataFolder } from './embedded-folder.ts'
import { canEnter, canRun, databaseUser } from './embedded-user.ts'

const isRoot = process.getuid?.() === 0
const folders: string[] = []

function temporary(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-folder-'))
  chmodSync(folder, mode)
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('COLONNADE_DATA decides, relative to where we are', () => {
  const env = { COLONNADE_DATA: 'elsewhere' }
  expect(dataFolder({ env, cwd: '/srv/school', isRoot: false }).path).toBe('/srv/school/elsewhere')
  expect(dataFolder({ env: {}, cwd: '/srv/school', isRoot: false })).toEqual({
    path: '/srv/school/data',
  })
})

test.runIf(isRoot)(
  'root keeps data in ./data where the database can enter, else in /var/lib',
  () => {
    const open = temporary(0o755)
    expect(dataFolder({ env: {}, cwd: open })).toEqual({ path: join(open, 'data') })
    const closed = temporary(0o700)
    const { path, notice } = dataFolder({ env: {}, cwd: closed })
    expect(path).toBe('/var/lib/colonnade')
    expect(notice).toMatch(new RegExp(`who cannot enter ${closed} .*COLONNADE_DATA`))
    expect(notice).not.toContain('\n')
    const external = { DATABASE_URL: 'postgres://db/colonnade' }
    expect(dataFolder({ env: external, cwd: closed })).toEqual({ path: join(closed, 'data') })
  },
)

test('library links that no install script made are made in place', () => {
  const data = temporary(0o700)
  const native = cloneWithoutLinks(temporary(0o755))
  expect(makeRunnable(native, '18.0.0', data, undefined)).toBe(native)
  const links = readdirSync(join(native, 'lib')).filter((name) => isLink(join(native, 'lib', name)))
  if (process.platform === 'linux') expect(links).toContain('libpq.so.5')
  expect(readdirSync(data)).toEqual([])
})

test.runIf(isRoot)('programs the database cannot reach are copied, once, with their links', () => {
  const user = databaseUser('/nonexistent')
  if (!user) throw new Error('root, and nobody to run the database')
  const data = temporary(0o711)
  const native = cloneWithoutLinks(temporary(0o700))
  expect(canEnter(user, native)).toBe(false)
  const copy = makeRunnable(native, '18.0.0', data, user)
  expect(copy.startsWith(data)).toBe(true)
  expect(canRun(user, copy)).toBe(true)
  expect(existsSync(join(copy, 'lib', 'libpq.so.5'))).toBe(true)
  const made = statSync(copy).ino
  expect(makeRunnable(native, '18.0.0', data, user)).toBe(copy)
  expect(statSync(copy).ino).toBe(made)
  expect(readdirSync(data)).toHaveLength(1)
})

function cloneWithoutLinks(into: string): string {
  const native = join(into, 'native')
  mkdirSync(native)
  cpSync(findBinaries(into, undefined).folder, native, {
    recursive: true,
    filter: (path) => !isLink(path),
  })
  return native
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink()
}
