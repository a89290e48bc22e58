import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { connectTo } from '@colonnade/db'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { slug } from '../testing/course-page.ts'
import { installedDatabase } from '../testing/fixture.ts'
import { makeRelease, mutations } from '../testing/release.ts'
import { ask, workersOf } from '../testing/several.ts'
import { type Serving, Trial } from '../testing/trial.ts'

const trial = new Trial()
const base = trial.data('site')
const current = join(base, 'current')
const release = (name: string) => join(base, 'releases', name)
let databaseUrl: string
let serving: Serving

beforeAll(async () => {
  databaseUrl = await installedDatabase(trial)
  mkdirSync(join(base, 'releases'))
  const one = makeRelease(release('one'))
  // A stand-in: what a backup holds is the matter of other tests.
  const program = join(one, 'ops/bin/colonnade.mjs')
  const backup = `if (process.argv[2] === 'backup') {
  console.log('Backed up all rows into ' + process.argv[4] + '/all.tar.age')
  process.exit()
}\n`
  writeFileSync(program, backup + readFileSync(program, 'utf8'))
  symlinkSync('releases/one', current)
  const settings = trial.settings('site-data', { DATABASE_URL: databaseUrl, READY_SECONDS: '15' })
  writeFileSync(join(trial.data('site-data'), 'samples-imported'), '')
  serving = await trial.serve(['start', '--supervised'], settings, { checkout: current })
}, 120_000)

afterAll(() => trial.close())

/** Runs `colonnade upgrade …` while people come, forty a second. @returns how it ended, and what they got */
async function upgrade(...args: string[]) {
  const answers = new Set<string>()
  const asked: Promise<unknown>[] = []
  const coming = setInterval(() => {
    const path = asked.length % 2 === 0 ? '/courses' : `/learn/${slug}`
    const one = ask(serving.url + path).then(
      ({ status }) => answers.add(String(status)),
      (error: Error) => answers.add(error.message),
    )
    asked.push(one)
  }, 25)
  const child = trial.spawn(['upgrade', '--watch', '3', ...args], serving.settings, {
    checkout: current,
  })
  const code = await child.ended
  clearInterval(coming)
  await Promise.all(asked)
  return { code, said: child.output(), answers: [...answers] }
}

const placesOfWorkers = () => workersOf(serving).map((pid) => readlinkSync(`/proc/${pid}/cwd`))
const last = () => JSON.parse(readFileSync(join(base, 'upgrades.json'), 'utf8')).at(-1)

/** Every table with a sum over all its rows, and every file of the services. */
async function everything(): Promise<unknown> {
  const sql = connectTo(databaseUrl, { max: 1 })
  try {
    const tables = await sql<{ schema: string; name: string }[]>`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      order by 1, 2`
    const sums: unknown[] = []
    for (const { schema, name } of tables) {
      const [row] = await sql`
        select count(*)::int as rows, md5(coalesce(string_agg(r::text, '\n' order by r::text), '')) as sum
        from ${sql(schema)}.${sql(name)} r`
      sums.push([schema, name, row?.rows, row?.sum])
    }
    return [sums, filesIn(join(trial.data('site-data'), 'media'))]
  } finally {
    await sql.end()
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )
}

test('a bad release is refused on trial, and nothing was switched', async () => {
  for (const [name, mutation] of [
    ['dies', mutations.dies],
    ['slow', mutations.slow],
  ] as const) {
    const to = makeRelease(release(name), { mutation })
    const { code, said, answers } = await upgrade('--no-backup', to)
    expect([name, code, answers, readlinkSync(current)]).toEqual([name, 1, ['200'], 'releases/one'])
    expect(said).toMatch({ dies: /ended as it started \(3\)/, slow: /takes \d+ ms/ }[name])
    expect(last()).toMatchObject({ to, outcome: 'refused' })
  }
  expect(placesOfWorkers()).toEqual([release('one')])
}, 60_000)

test('one that fails only when it is taken up is rolled back', async () => {
  const to = makeRelease(release('half'), { mutation: mutations.dies, onlyWorker: true })
  const { code, said, answers } = await upgrade('--no-backup', to)
  expect([code, answers, readlinkSync(current)]).toEqual([1, ['200'], 'releases/one'])
  expect(said).toContain('was taken back')
  expect(last()).toMatchObject({ to, outcome: 'rolled back' })
}, 60_000)

test('a good release goes live, and undone leaves what was there before', async () => {
  const sent = await fetch(`${serving.url}/api/images`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'image/svg+xml' },
    body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
  })
  expect(sent.status).toBe(201)
  expect(filesIn(join(trial.data('site-data'), 'media'))).not.toEqual([])
  const before = await everything()
  const to = makeRelease(release('two'))
  const up = await upgrade(to)
  expect([up.code, up.answers], up.said).toEqual([0, ['200']])
  expect(placesOfWorkers()).toEqual([to])
  expect(readlinkSync(current)).toBe('releases/two')
  const backup = join(base, 'backups/all.tar.age')
  expect(last()).toMatchObject({
    from: release('one'),
    to,
    backup,
    migrations: [],
    outcome: 'live',
  })

  const back = await upgrade('--undo', '--restore')
  expect([back.code, back.answers], back.said).toEqual([0, ['200']])
  expect(back.said).toContain(`${release('one')}/ops/bin/colonnade.mjs restore --replace ${backup}`)
  expect(placesOfWorkers()).toEqual([release('one')])
  expect(readlinkSync(current)).toBe('releases/one')
  expect(await everything()).toEqual(before)
  expect(existsSync(`${current}.new`)).toBe(false)
}, 60_000)

test('on a plain checkout it says what to do', async () => {
  const child = trial.spawn(['upgrade', base], serving.settings)
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain('plain checkout')
})
