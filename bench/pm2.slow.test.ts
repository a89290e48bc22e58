import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../ops/root.ts'
import { eventually } from '../ops/testing/colonnade.ts'
import { slug } from '../ops/testing/course-page.ts'
import { installedDatabase } from '../ops/testing/fixture.ts'
import { Pm2 } from '../ops/testing/pm2.ts'
import { Trial } from '../ops/testing/trial.ts'
import { runOpen } from './open-load.ts'

const trial = new Trial()
let pm2: Pm2 | undefined
let port: number
const config = (name: string) => join(root, 'ops/deploy/pm2', `${name}.config.cjs`)
const answers = async (at = port) =>
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${at}/readyz`)).ok).toBe(true))

beforeAll(async () => {
  port = await freePort()
  const url = await installedDatabase(trial)
  pm2 = await Pm2.install(trial, trial.settings('all', { DATABASE_URL: url, PORT: String(port) }))
  await pm2?.tell('start', config('all'))
  if (pm2) await answers()
}, 240_000)

afterAll(async () => {
  pm2?.close()
  await trial.close()
}, 90_000)

const load = (rate: number, seconds: number) =>
  runOpen({
    request: { method: 'GET', path: `/learn/${slug}` },
    address: { host: '127.0.0.1', port },
    expect: 200,
    rate,
    seconds,
  })

test('pm2 reload drops nothing, and takes what is new', async (context) => {
  if (!pm2) return context.skip('pm2 cannot be installed from here')
  const before = await pm2.pidOf('colonnade')
  const loaded = load(200, 18)
  await pm2.tell('reload', 'colonnade')
  const { planned, answered, errors } = await loaded
  expect(errors).toEqual([])
  expect(answered).toBe(planned)
  expect(await pm2.pidOf('colonnade')).not.toBe(before)
}, 120_000)

// How soon is told by `npm run faults -- 24`.
test('a crash is restarted', async (context) => {
  if (!pm2) return context.skip('pm2 cannot be installed from here')
  const pid = (await pm2.pidOf('colonnade')) ?? 0
  process.kill(pid, 'SIGKILL')
  const next = await eventually(async () => {
    const now = await pm2?.pidOf('colonnade')
    if (!now || now === pid) throw new Error('not yet')
    return now
  })
  expect(next).not.toBe(pid)
  await answers()
}, 120_000)
