import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transformWithOxc } from 'vite'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const source = new URL('kept-tick.ts', import.meta.url).pathname

/** Ticks, then collects the garbage of a process in which nothing goes on, then ticks again. */
const idle = `
const ticks = () => new Promise((done) => {
  let left = 300
  const next = () => (--left > 0 ? process.nextTick(next) : setTimeout(done, 1))
  next()
})
await ticks()
for (let i = 0; i < 6; i++) {
  gc()
  await new Promise((resolve) => setTimeout(resolve, 5))
}
await ticks()
`

/** How often V8 lays out what `process.nextTick` makes, in a process of its own. */
async function layouts(before: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'colonnade-tick-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const log = join(folder, 'maps.log')
  await writeFile(join(folder, 'idle.mjs'), before + idle)
  const logging = ['--log-maps', '--no-logfile-per-isolate', `--logfile=${log}`]
  await run(process.execPath, ['--expose-gc', ...logging, join(folder, 'idle.mjs')])
  return (await readFile(log, 'utf8')).match(/^map,Transition,.*,callback$/gm)?.length ?? 0
}

test('an idle process does not forget how ticks are laid out', async () => {
  const { code } = await transformWithOxc(await readFile(source, 'utf8'), source)
  expect(await layouts(code)).toBe(1)
  // Without it they are laid out anew: should a later V8 not forget, this says that the file can go.
  expect(await layouts('')).toBe(2)
})
