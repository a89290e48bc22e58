import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../root.ts'
import { listRunning } from '../running.ts'
import { eventually } from '../testing/colonnade.ts'
import { ask, keepAsking, living, workersOf } from '../testing/several.ts'
import { type Serving, Trial } from '../testing/trial.ts'

const trial = new Trial()
afterAll(() => trial.close())

/** A release as a deploy lays it out: this build, in a folder of its own, with settings of its own. */
function release(name: string, env: string): string {
  const folder = join(trial.data('releases'), name)
  mkdirSync(folder)
  for (const entry of ['packages', 'services', 'proxy', 'node_modules']) {
    symlinkSync(join(root, entry), join(folder, entry))
  }
  for (const entry of ['package-lock.json', 'dist/server', 'dist/assets.json']) {
    cpSync(join(root, entry), join(folder, entry), { recursive: true })
  }
  mkdirSync(join(folder, 'ops/bin'), { recursive: true })
  // Neither installs nor builds: a release is whole when it comes.
  const begin = `import { main } from '../../dist/server/colonnade.js'\nawait main(process.argv.slice(2))\n`
  writeFileSync(join(folder, 'ops/bin/colonnade.mjs'), begin)
  writeFileSync(join(folder, '.env'), env)
  return folder
}

const current = join(trial.folder, 'current')
function point(folder: string): void {
  symlinkSync(folder, `${current}.new`)
  renameSync(`${current}.new`, current)
}

const lastReload = ({ settings }: Serving) =>
  listRunning(settings.COLONNADE_DATA ?? '')[0]?.lastReload

const named = async ({ url }: Serving, name: string) =>
  await eventually(async () => expect((await ask(`${url}/courses`)).body).toContain(name))

test('one worker under a supervisor: a release is taken up by a signal, and a bad one is not', async () => {
  point(release('first', 'SITE_NAME=First'))
  const settings = trial.settings('one', { READY_SECONDS: '20' })
  const serving = await trial.serve(['serve', 'proxy', '--supervised'], settings, {
    checkout: current,
  })
  await named(serving, 'First')
  const reading = keepAsking(`${serving.url}/healthz`)
  const [first = 0] = workersOf(serving)

  point(release('second', 'SITE_NAME=Second'))
  process.kill(serving.pid, 'SIGHUP')
  await eventually(async () => expect(lastReload(serving)).toMatchObject({ ok: true }))
  await named(serving, 'Second')
  expect(living([first])).toEqual([])

  const [second = 0] = workersOf(serving)
  const broken = release('broken', 'SITE_NAME=Third')
  writeFileSync(join(broken, 'dist/server/worker.js'), 'throw new Error("born dead")\n')
  point(broken)
  const child = trial.spawn(['reload'], serving.settings)
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain(`Process ${serving.pid} keeps its old workers.`)
  expect(lastReload(serving)).toMatchObject({ ok: false })
  expect(workersOf(serving)).toEqual([second])
  expect(Object.keys(await reading.stop())).toEqual(['200'])
  // What dies now is replaced from the release that last worked.
  process.kill(second, 'SIGKILL')
  await eventually(async () => expect(workersOf(serving)).not.toContain(second))
  await named(serving, 'Second')
  expect(await serving.end('SIGTERM')).toBe(0)
}, 120_000)

test('without a supervisor reload says what to do', async () => {
  const serving = await trial.serve(['serve', 'proxy'], trial.settings('bare'))
  const child = trial.spawn(['reload'], serving.settings)
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain('--supervised')
})
