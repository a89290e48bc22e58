import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFolder } from '@colonnade/format'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { samplesFolder } from './samples.ts'
import { eventually } from './testing/colonnade.ts'
import { type Serving, Trial } from './testing/trial.ts'

const trial = new Trial()
let serving: Serving
const settings = trial.settings('data')
const run = (...args: string[]) => trial.run(args, serving.settings)
const listed = async (query = '') => {
  const { items } = await (await fetch(`${serving.url}/api/courses?limit=100${query}`)).json()
  return items as { id: number; slug: string; title: string; averageRating: number }[]
}
const page = async (slug: string) => await (await fetch(`${serving.url}/learn/${slug}`)).text()
beforeAll(async () => {
  serving = await trial.serve(['start'], settings)
}, 180_000)
afterAll(() => trial.close())

test('what is exported imports as what it was, from a folder and from a zip', async () => {
  const made = join(trial.folder, 'my-course')
  await run('new', 'course', made)
  expect(await run('import', made)).toContain('Published as revision 1')
  for (const target of [join(trial.folder, 'out.zip'), join(trial.folder, 'out')]) {
    await run('export', 'my-course', target)
    expect(await run('import', target)).toContain('Nothing changed since revision 1')
    await expect(run('export', 'my-course', target)).rejects.toThrow('not overwritten')
  }
  const [before, after] = [await readFolder(made), await readFolder(join(trial.folder, 'out'))]
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort())
  for (const [path, bytes] of before)
    expect(Buffer.from(after.get(path) ?? [])).toEqual(Buffer.from(bytes))
  await expect(run('export', 'no-such-course', join(trial.folder, 'none'))).rejects.toThrow(
    'There is no course',
  )
}, 240_000)

test('seeded courses stand in the catalogue, in search and on pages of a running installation', async () => {
  const said = await run('seed', '--courses', '30', '--instructors', '200')
  expect(said).toContain('Made up 30 courses')
  const course =
    (await listed('&q=made-up')).at(0) ??
    (await listed('&sort=title')).find(({ slug }) => /-\d+$/.test(slug))
  if (!course) throw new Error('No seeded course is listed.')
  const html = await page(course.slug)
  for (const section of ['banner', 'about', 'syllabus', 'instructors', 'offered-by', 'reviews']) {
    expect(html, section).toContain(`id="${section}"`)
  }
  expect(html).toContain('This is a made-up course for load tests')
  const lesson = /href="(\/learn\/[^"]+\/lessons\/[^"#]+)"/.exec(html)?.[1] ?? ''
  expect((await fetch(serving.url + lesson)).status).toBe(200)
  const created = await fetch(`${serving.url}/api/instructors`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ firstName: 'Ada', lastName: 'Example' }),
  })
  expect(created.status).toBe(201)
  expect((await listed('&sort=title')).length).toBeGreaterThan(30)
}, 180_000)

test('rebuilding finds nothing wrong with the copies that were seeded', async () => {
  const before = await listed('&sort=title')
  expect(await run('rebuild')).toMatch(/Made the copies of \d+ courses again/)
  expect(await listed('&sort=title')).toEqual(before)
}, 120_000)

test('the doctor finds a running installation well, and says so in JSON', async () => {
  const { ok, findings, settings: table } = JSON.parse(await run('doctor', '--json'))
  expect(findings.filter(({ level }: { level: string }) => level === 'fail')).toEqual([])
  expect(ok).toBe(true)
  expect(table.find(({ name }: { name: string }) => name === 'COLONNADE_DATA')).toMatchObject({
    origin: 'environment',
  })
}, 60_000)

test('the samples leave, and what is not one stays', async () => {
  const samples = readdirSync(samplesFolder).filter((name) =>
    existsSync(join(samplesFolder, name, 'config.yaml')),
  )
  const said = await run('samples', 'remove')
  expect(said).toContain(`Took ${samples.length} sample courses off the site`)
  await eventually(async () => {
    const slugs = (await listed('&sort=title')).map(({ slug }) => slug)
    expect(slugs).toContain('my-course')
    for (const name of samples) expect(slugs).not.toContain(name)
  })
  expect(await run('samples', 'remove')).toContain('There are no sample courses')
}, 120_000)

test('a preview takes nothing from the installation, and leaves nothing, whenever it ends', async () => {
  const folder = join(trial.folder, 'previewed')
  cpSync(join(trial.folder, 'my-course'), folder, { recursive: true })
  const settings = { ...serving.settings, TMPDIR: trial.data('scratch') }
  const child = trial.spawn(['preview', folder, '--port', '0'], settings)
  await eventually(async () => expect(child.output()).toContain('follows what you save'), 120_000)
  expect(child.output()).toMatch(/Read in \d+ ms: \d+ elements exact, 0 approximated, 0 dropped/)
  expect(await child.end('SIGTERM')).toBe(0)
  expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toContain('My course')
  expect(readdirSync(settings.TMPDIR)).toEqual([])
  const early = trial.spawn(['preview', folder, '--port', '0'], settings)
  await eventually(async () => expect(readdirSync(settings.TMPDIR)).not.toEqual([]))
  expect(await early.end('SIGTERM')).toBe(0)
  expect(readdirSync(settings.TMPDIR)).toEqual([])
}, 180_000)
