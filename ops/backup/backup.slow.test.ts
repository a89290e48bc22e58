import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '@colonnade/testing'
import { generateX25519Identity } from 'age-encryption'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../testing/colonnade.ts'
import { isAlive, Trial } from '../testing/trial.ts'

const trial = new Trial()
const key = await generateX25519Identity()
const common = { BACKUP_KEY: key, COLONNADE_URL: 'http://learn.example.org', TMPDIR: '' }
const out = join(trial.folder, 'out')
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
let settings: Record<string, string>
let file: string
let paths: string[] = []
let seen: Map<string, string>

/** What people get at each path, byte for byte. */
async function lookAt(url: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const path of paths) {
    // On a busy machine a section may be late the first time; the page heals by itself.
    const bytes = await eventually(async () => {
      const answer = await fetch(url + path)
      expect([path, answer.status]).toEqual([path, 200])
      const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
      expect(text.includes(' away for now.')).toBe(false)
      return text
    })
    found.set(path, bytes)
  }
  return found
}

beforeAll(async () => {
  common.TMPDIR = trial.data('tmp')
  settings = trial.settings('source', common)
  const serving = await trial.serve(['start'], settings)
  await eventually(async () => expect(serving.output()).toContain('Colonnade is at'))
  const send = async (path: string, type: string, body: string) => {
    const headers = { Authorization: `Bearer ${trial.token}`, 'Content-Type': type }
    const answer = await fetch(serving.url + path, { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
    return await answer.json()
  }
  const { id } = await send('/api/images?name=%C3%BC%5C', 'image/svg+xml', svg)
  const list = await fetch(`${serving.url}/api/images?limit=5`, {
    headers: { Authorization: `Bearer ${trial.token}` },
  })
  const pictures = (await list.text()).match(/\/media\/[\w/.-]+/g) ?? []
  expect(pictures.length).toBeGreaterThan(3)
  const pages = ['/learn/reasoning-about-chance', '/courses', '/api/courses']
  paths = [...pages, `/media/${id}/image.svg`, ...pictures.slice(0, 8)]
  seen = await lookAt(serving.url)
  // It is running, and being written to.
  let writes = 0
  const backup = trial.run(['backup', '--to', out], settings)
  const ended = backup.then(
    () => true,
    () => true,
  )
  for (let over = false; !over; writes++) {
    const person = JSON.stringify({ firstName: 'Number', lastName: String(writes) })
    await send('/api/instructors', 'application/json', person)
    over = await Promise.race([ended, new Promise<false>((done) => setTimeout(done, 50, false))])
  }
  expect(writes).toBeGreaterThan(3)
  expect(await backup).toMatch(/Backed up [\d,]+ rows of \d+ tables and \d+ files/)
  await serving.end('SIGTERM')
  expect(readdirSync(out)).toHaveLength(1)
  file = join(out, readdirSync(out)[0] ?? '')
  expect(readFileSync(file).includes('Reasoning')).toBe(false)
}, 120_000)
afterAll(() => trial.close())

test('a backup is verified in a scratch place of which nothing stays', async () => {
  const said = await trial.run(['backup', 'verify', file], settings)
  expect(said).toMatch(/^ {2}media: .*image \d+/m)
  expect(said).toMatch(/is whole: [\d,]+ rows of \d+ tables and \d+ files .* each is what it was/)
  expect(readdirSync(common.TMPDIR)).toEqual([])
}, 60_000)

test('only as many stay as are to be kept, the new one among them', async () => {
  const to = join(trial.folder, 'kept')
  mkdirSync(to)
  for (const day of ['01', '02', '03']) {
    copyFileSync(file, join(to, `colonnade-2026-01-${day}T04-05-06Z.tar.age`))
  }
  await expect(trial.run(['backup', '--to', to, '--keep', '0'], settings)).rejects.toThrow(
    '1 or more',
  )
  const said = await trial.run(['backup', '--to', to, '--keep', '2'], settings)
  expect(said).toContain('Removed colonnade-2026-01-01T04-05-06Z.tar.age')
  const [older, newer] = readdirSync(to).sort()
  expect(readdirSync(to)).toHaveLength(2)
  expect(older).toBe('colonnade-2026-01-03T04-05-06Z.tar.age')
  expect(said).toContain(newer)
}, 60_000)

test('told to end amid its work it clears up', async () => {
  const verifying = trial.spawn(['backup', 'verify', file], settings)
  const pid = await eventually(async () => {
    const [scratch = ''] = readdirSync(common.TMPDIR)
    const lines = readFileSync(join(common.TMPDIR, scratch, 'postgres/postmaster.pid'), 'utf8')
    return Number(lines.split('\n')[0])
  })
  expect(await verifying.end('SIGTERM')).toBe(1)
  expect(verifying.output()).toContain('Stopped (SIGTERM)')
  expect(isAlive(pid)).toBe(false)
  expect(readdirSync(common.TMPDIR)).toEqual([])

  const again = join(trial.folder, 'again')
  const making = trial.spawn(['backup', '--to', again], settings)
  await eventually(async () => expect(readdirSync(again)).toHaveLength(1))
  expect(await making.end('SIGINT')).toBe(1)
  expect(readdirSync(again)).toEqual([])
  expect(trial.postgres().filter(isAlive)).toEqual([])
}, 60_000)

test('what is wrong with a backup is said in one line', async () => {
  const broken = join(trial.folder, 'broken.age')
  const told = async (why: string, more: Record<string, string> = {}) => {
    const child = trial.spawn(['backup', 'verify', broken], { ...settings, ...more })
    expect(await child.ended).toBe(1)
    expect(child.output()).toContain(why)
    expect(child.output().trim().split('\n')).toHaveLength(1)
  }
  copyFileSync(file, broken)
  await told('another key', { BACKUP_KEY: await generateX25519Identity() })
  await told('AGE-SECRET-KEY', { BACKUP_KEY: '' })
  const bytes = readFileSync(file)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(broken, bytes)
  await told('damaged or cut short')
  copyFileSync(file, broken)
  truncateSync(broken, bytes.length - 70_000)
  await told('damaged or cut short')
}, 60_000)

test('restored, pages and pictures are what they were; what is there is replaced only when told', async () => {
  const { url } = await testDatabase('restored')
  const target = trial.settings('target', { ...common, DATABASE_URL: url })
  expect(await trial.run(['restore', file], target)).toContain('Put back')
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await expect(trial.run(['restore', file], target)).rejects.toThrow('--replace')
    const [before] = await sql`select count(*) from courses.course`
    await sql`truncate courses.course cascade`
    expect(await trial.run(['restore', file, '--replace'], target)).toMatch(/Backed up.*Put back/s)
    expect(readdirSync(join(trial.data('target'), 'backups'))).toHaveLength(1)
    const [after] = await sql`select count(*) from courses.course`
    expect(after).toEqual(before)
  } finally {
    await sql.end()
  }
  const serving = await trial.serve(['start'], target)
  expect(await lookAt(serving.url)).toEqual(seen)
  await expect(trial.run(['restore', file, '--replace'], target)).rejects.toThrow('is running here')
  await serving.end('SIGTERM')
}, 120_000)
