import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPidFile } from './embedded-process.ts'
import { ask, launch, scratchFolder, start } from './embedded-trial.ts'
import { canEnter } from './embedded-user.ts'

const isRoot = process.getuid?.() === 0
const nobody = { name: 'nobody', uid: 65534, gid: 65534 }
const nobodyCanRead = isRoot && canEnter(nobody, import.meta.dirname)

test('after a kill -9 of its launcher the server is taken over, and what was written is there', async () => {
  const data = scratchFolder()
  const launcher = launch(data)
  const said = await launcher.said
  expect(said).toMatch(/^up postgres:/)
  const url = said.slice(3)
  await ask(url, 'create table kept as select 7 as number')
  const orphan = readPidFile(join(data, 'postgres'))?.pid
  launcher.process.kill('SIGKILL')
  await once(launcher.process, 'exit')
  const server = await start({ data })
  expect(server).toMatchObject({ adopted: true, pid: orphan, url })
  expect(await ask(server.url, 'select * from kept')).toEqual([{ number: 7 }])
  await server.stop()
  expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
})

test('a server taken over is watched as well', async () => {
  const data = scratchFolder()
  const launcher = launch(data)
  await launcher.said
  launcher.process.kill('SIGKILL')
  await once(launcher.process, 'exit')
  const server = await start({ data })
  const { pid } = server
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => server.pid, { timeout: 20_000 }).not.toBe(pid)
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('an orphan that was frozen is started again', async () => {
  const data = scratchFolder()
  const launcher = launch(data)
  await launcher.said
  launcher.process.kill('SIGKILL')
  await once(launcher.process, 'exit')
  const orphan = readPidFile(join(data, 'postgres'))?.pid ?? 0
  process.kill(orphan, 'SIGSTOP')
  const server = await start({ data })
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(server.pid).not.toBe(orphan)
})

test('launchers in two processes: the second says who has the data, the first goes on', async () => {
  const data = scratchFolder()
  const first = launch(data)
  const url = (await first.said).slice(3)
  const second = launch(data)
  expect(await second.said).toMatch(/^down Another Colonnade .* is using the data in/)
  expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  first.process.kill('SIGTERM')
  expect(await once(first.process, 'exit')).toEqual([0, null])
  expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
})

test('a launcher killed amid initdb leaves nothing that hinders the next', async () => {
  const data = scratchFolder()
  const launcher = launch(data)
  const begun = () => readdirSync(data).some((name) => name.startsWith('postgres.new-'))
  await expect.poll(begun, { interval: 5, timeout: 20_000 }).toBe(true)
  launcher.process.kill('SIGKILL')
  await once(launcher.process, 'exit')
  const server = await start({ data })
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test.runIf(isRoot)('root runs it as somebody else, also in a private folder', async () => {
  const folder = scratchFolder()
  const data = join(folder, 'data')
  chmodSync(folder, 0o711)
  mkdirSync(data, { mode: 0o700 })
  const server = await start({ data })
  expect(statSync(join(data, 'postgres')).uid).toBeGreaterThan(0)
  expect(statSync(join(data, 'postgres.log')).uid).toBe(0)
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test.runIf(isRoot)('root is told when the database could not reach its data', async () => {
  const home = scratchFolder()
  const data = join(home, 'data')
  await expect(start({ data })).rejects.toThrow(
    /who cannot enter .* COLONNADE_DATA .*DATABASE_URL/s,
  )
})

test.runIf(nobodyCanRead)('an ordinary user runs it in a home others cannot enter', async () => {
  const home = scratchFolder()
  chmodSync(home, 0o700)
  chownSync(home, nobody.uid, nobody.gid)
  const launcher = launch(join(home, 'data'), { ...nobody, home })
  const said = await launcher.said
  expect(said).toMatch(/^up postgres:/)
  expect(statSync(join(home, 'data', 'postgres')).uid).toBe(nobody.uid)
  expect(await ask(said.slice(3), 'select 1 as one')).toEqual([{ one: 1 }])
  launcher.process.kill('SIGTERM')
  expect(await once(launcher.process, 'exit')).toEqual([0, null])
})

test.runIf(nobodyCanRead)("root goes on with an ordinary user's data under that user", async () => {
  const home = scratchFolder()
  chmodSync(home, 0o700)
  chownSync(home, nobody.uid, nobody.gid)
  const data = join(home, 'data')
  const launcher = launch(data, { ...nobody, home })
  expect(await launcher.said).toMatch(/^up postgres:/)
  launcher.process.kill('SIGTERM')
  await once(launcher.process, 'exit')
  const server = await start({ data })
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(statSync(join(data, 'postgres', 'colonnade.conf')).uid).toBe(nobody.uid)
})
