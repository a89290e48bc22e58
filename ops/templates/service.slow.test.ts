import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../root.ts'
import { eventually } from '../testing/colonnade.ts'
import { Trial } from '../testing/trial.ts'

const trial = new Trial()
const checkout = join(trial.folder, 'checkout')
let port: number
const settings = () => trial.settings('data', { PORT: String(port) })

beforeAll(async () => {
  port = await freePort()
  const left = new Set(['node_modules', '.git', 'dist', 'data', 'docs', 'results', '.env'])
  cpSync(root, checkout, {
    recursive: true,
    filter: (path) => path === root || !left.has(basename(path)),
  })
  // One sample is enough, and its import a short one.
  for (const name of readdirSync(join(checkout, 'content'))) {
    if (name !== 'teach-your-first-course')
      rmSync(join(checkout, 'content', name), { recursive: true })
  }
  borrowPackages()
}, 120_000)
afterAll(() => trial.close())

/** Everything that is installed here is borrowed there; what is our own leads to the copy. */
function borrowPackages(): void {
  const borrow = (path: string) => {
    const from = join(root, path)
    mkdirSync(join(checkout, path), { recursive: true })
    for (const name of readdirSync(from)) {
      const to = join(checkout, path, name)
      const isLink = lstatSync(join(from, name)).isSymbolicLink()
      if (isLink) symlinkSync(readlinkSync(join(from, name)), to)
      else if (name === '.bin' || name === '@colonnade') borrow(join(path, name))
      else if (name !== '.colonnade-installed') symlinkSync(join(from, name), to)
    }
  }
  borrow('node_modules')
  const inGroups = ['packages', 'services'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name)),
  )
  for (const owner of [...inGroups, 'proxy', 'ops', 'bench', 'e2e']) {
    const nested = join(owner, 'node_modules')
    if (existsSync(join(root, nested))) symlinkSync(join(root, nested), join(checkout, nested))
  }
  const lock = readFileSync(join(checkout, 'package-lock.json'))
  const stamp = createHash('sha256').update(lock).digest('hex')
  writeFileSync(join(checkout, 'node_modules/.colonnade-installed'), stamp)
}

/** The commands of the guide, in order. */
const commands = [
  ...readFileSync(join(root, 'docs/write-a-service.md'), 'utf8').matchAll(
    /```bash\n([\s\S]*?)```/g,
  ),
].map(([, text = '']) => text.trim())

function run(command: string): string {
  const here = command.replaceAll('http://localhost:3000', `http://127.0.0.1:${port}`)
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', here], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings() },
  })
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

test('the guide works as written, from the first command to a section that outlives its service', async () => {
  const [make = '', check = '', start = '', write = '', spoil = '', mend = '', ...rest] = commands
  expect(rest).toEqual([])
  const packages = () =>
    Object.keys(JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')).packages)
  const before = packages()
  expect(run(make)).toContain('services/notices/service.ts')
  const added = ['node_modules/@colonnade/notices', 'services/notices']
  expect(packages().filter((name) => !before.includes(name))).toEqual(added)
  expect(packages().filter((name) => !added.includes(name))).toEqual(before)
  expect(readFileSync(join(checkout, 'ops/services.ts'), 'utf8')).toMatch(/ notices[,\]]/)
  run(check)

  expect(start).toBe('npm start')
  await trial.serve(['start'], settings(), { checkout })
  const page = async () => {
    const { items } = await (await fetch(`http://127.0.0.1:${port}/api/courses?limit=100`)).json()
    const { slug } = items.find(({ id }: { id: number }) => id === 1)
    return await (await fetch(`http://127.0.0.1:${port}/learn/${slug}`)).text()
  }
  expect(await page()).not.toContain('id="notices"')
  run(write)
  await eventually(async () => expect(await page()).toContain('The library is open on Sunday.'))
  const html = await page()
  expect(html).toContain('<section id="notices"')
  expect(html).toMatch(/<link rel="stylesheet" href="\/assets\/notices\/notices-[\w-]+\.css"/)
  expect(html.indexOf('id="notices"')).toBeGreaterThan(html.indexOf('id="syllabus"'))
  run(spoil)
  expect(await page()).toContain('The library is open on Sunday.')
  run(mend)
  run('! npx tsc --noEmit -p . | grep ^services/notices')
  run('npx biome check services/notices ops/services.ts')
}, 600_000)

test.each(['Notices', 'a', 'course-notes', 'class', 'proxy', '../x'])(
  'a service cannot be called %s',
  async (name) => {
    const { makeService } = await import('./service.ts')
    await expect(makeService(name, checkout)).rejects.toThrow('cannot be called')
  },
)
