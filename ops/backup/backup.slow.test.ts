import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '@colonnade/testing'
import { generateX25519Identity } from 'age-encryption'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSmallCourse } from '../testing/small-course.ts'
import { Trial } from '../testing/trial.ts'

const trial = new Trial()
const key = await generateX25519Identity()
let settings: Record<string, string>
let source: string
let file: string
const empty = async (name: string) => (await testDatabase(name, async () => {})).url
/** What COPY has to escape, and what one byte does not hold. */
const odd = 'tab\t, line\n, back\\slash, \\N, ✓ 漢字 \u{1f600}'
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
const backups = () =>
  readdirSync(join(trial.folder, 'out')).map((name) => join(trial.folder, 'out', name))

beforeAll(async () => {
  source = await empty('backup source')
  settings = trial.settings('source', { DATABASE_URL: source, BACKUP_KEY: key })
  await trial.run(['import', writeSmallCourse(join(trial.folder, 'course'))], settings)
  const serving = await trial.serve(
    ['serve', 'courses', 'instructors', 'reviews', 'media'],
    settings,
  )
  const sent = await fetch(`${serving.url}/api/images?name=%C3%BC%5C`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'image/svg+xml' },
    body: svg,
  })
  expect(sent.status).toBe(201)
  await serving.end('SIGTERM')
  // Writes go on while the backup is taken: each is a pair of rows in one transaction.
  const sql = postgres(source, { max: 1 })
  let writing = true
  const writer = (async () => {
    for (let i = 0; writing; i++) {
      await sql.begin(async (tx) => {
        for (const schema of ['courses', 'reviews']) {
          await tx`
            insert into ${tx(schema)}.outbox (id, type, version, subject, subject_version, data)
            values (gen_random_uuid(), 'tested.pair', 1, ${odd}, ${i}, ${tx.json({ odd })})`
        }
      })
    }
  })()
  await trial.run(['backup', '--to', join(trial.folder, 'out')], settings)
  writing = false
  await writer
  await sql.end()
  file = backups()[0] ?? ''
}, 120_000)
afterAll(() => trial.close())

const bytesOf = () => readFileSync(file)

test('a whole backup is verified, and what is wrong with another is said', async () => {
  expect(await trial.run(['backup', 'verify', file], settings)).toMatch(/is whole: .* 2 files/)
  const other = { ...settings, BACKUP_KEY: await generateX25519Identity() }
  await expect(trial.run(['backup', 'verify', file], other)).rejects.toThrow('another key')
  const flipped = join(trial.folder, 'flipped.age')
  const bytes = bytesOf()
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(flipped, bytes)
  await expect(trial.run(['backup', 'verify', flipped], settings)).rejects.toThrow('damaged')
  writeFileSync(flipped, bytesOf())
  truncateSync(flipped, bytesOf().length - 70_000)
  await expect(trial.run(['backup', 'verify', flipped], settings)).rejects.toThrow('cut short')
}, 120_000)

test('it is put into an empty installation, and into a filled one only when told', async () => {
  const url = await empty('backup target')
  const target = trial.settings('target', { DATABASE_URL: url, BACKUP_KEY: key })
  expect(await trial.run(['restore', file], target)).toContain('Put back')
  const sql = postgres(url, { max: 1 })
  try {
    const pairs = await sql`
      select (select count(*) from courses.outbox where subject = ${odd}) as courses,
        (select count(*) from reviews.outbox where subject = ${odd} and data->>'odd' = ${odd}) as reviews`
    // One transaction made both of a pair: a backup that saw one saw the other.
    expect(pairs[0]?.courses).toBe(pairs[0]?.reviews)
    expect(Number(pairs[0]?.courses)).toBeGreaterThan(0)
    await expect(trial.run(['restore', file], target)).rejects.toThrow('--replace')
    await sql`delete from courses.outbox`
    expect(await trial.run(['restore', file, '--replace'], target)).toMatch(/Backed up.*Put back/s)
    const [again] = await sql`select count(*) from courses.outbox where subject = ${odd}`
    expect(again?.count).toBe(pairs[0]?.courses)
  } finally {
    await sql.end()
  }
  const serving = await trial.serve(['serve', 'courses', 'instructors', 'reviews', 'media'], target)
  const { items } = await (await fetch(`${serving.url}/api/courses`)).json()
  expect(items).toHaveLength(1)
}, 120_000)
