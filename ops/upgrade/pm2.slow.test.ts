import { cpSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { root } from '../root.ts'
import { eventually, type Settings } from '../testing/colonnade.ts'
import { installedDatabase } from '../testing/fixture.ts'
import { Pm2 } from '../testing/pm2.ts'
import { makeRelease, mutations } from '../testing/release.ts'
import { ask } from '../testing/several.ts'
import { Trial } from '../testing/trial.ts'

const trial = new Trial()
const base = trial.data('site')
const current = join(base, 'current')
let settings: Settings
let pm2: Pm2 | undefined

/** Releases differ in the site's name, which a page shows. */
function release(name: string, mutation?: string): string {
  const folder = makeRelease(join(base, 'releases', name), {
    env: { SITE_NAME: `Site ${name}` },
    ...(mutation === undefined ? {} : { mutation }),
  })
  cpSync(join(root, 'ops/deploy/pm2'), join(folder, 'ops/deploy/pm2'), { recursive: true })
  return folder
}

const page = async () => await (await fetch(`http://127.0.0.1:${settings.PORT}/`)).text()

beforeAll(async () => {
  const database = await installedDatabase(trial)
  settings = trial.settings('site-data', {
    DATABASE_URL: database,
    PORT: String(await freePort()),
    PM2_HOME: join(trial.data('pm2'), 'home'),
  })
  writeFileSync(join(trial.data('site-data'), 'samples-imported'), '')
  pm2 = await Pm2.install(trial, settings)
  mkdirSync(join(base, 'releases'))
  release('one')
  symlinkSync('releases/one', current)
  if (!pm2) return
  await pm2.tell('start', join(current, 'ops/deploy/pm2/all.config.cjs'))
  await eventually(async () => expect(await page()).toContain('Site one'))
}, 240_000)

beforeEach(({ skip }) => skip(pm2 === undefined, 'pm2 cannot be installed from here'))

afterAll(async () => {
  pm2?.close()
  await trial.close()
}, 90_000)

/** Runs `colonnade upgrade …` by way of pm2 while people come, forty a second. */
async function upgrade(...args: string[]) {
  const answers = new Set<string>()
  const asked: Promise<unknown>[] = []
  const coming = setInterval(() => {
    const one = ask(`http://127.0.0.1:${settings.PORT}/courses`).then(
      ({ status }) => answers.add(String(status)),
      (error: Error) => answers.add(error.message),
    )
    asked.push(one)
  }, 25)
  const reload = `'${process.execPath}' '${pm2?.program}' reload colonnade`
  const words = ['upgrade', '--watch', '3', '--reload', reload, ...args]
  const child = trial.spawn(words, settings, { checkout: current })
  const code = await child.ended
  clearInterval(coming)
  await Promise.all(asked)
  return { code, said: child.output(), answers: [...answers] }
}

test('a release goes live by pm2 reload, and back, without a failed request', async () => {
  const up = await upgrade('--no-backup', release('two'))
  expect([up.code, up.answers], up.said).toEqual([0, ['200']])
  expect([readlinkSync(current), await page()]).toEqual([
    'releases/two',
    expect.stringContaining('Site two'),
  ])
  const back = await upgrade('--undo')
  expect([back.code, back.answers], back.said).toEqual([0, ['200']])
  expect([readlinkSync(current), await page()]).toEqual([
    'releases/one',
    expect.stringContaining('Site one'),
  ])
}, 180_000)

test('one that is refused on trial leaves pm2 alone', async () => {
  const before = await pm2?.pidOf('colonnade')
  const up = await upgrade('--no-backup', release('dies', mutations.dies))
  expect([up.code, up.answers, readlinkSync(current)], up.said).toEqual([
    1,
    ['200'],
    'releases/one',
  ])
  expect(await pm2?.pidOf('colonnade')).toBe(before)
}, 120_000)
