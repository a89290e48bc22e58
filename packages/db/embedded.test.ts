import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openDatabase } from './database.ts'
import { startEmbedded } from './embedded.ts'
import { isAlive } from './embedded-process.ts'
import { ask, askUntilAnswered, scratchFolder, start } from './embedded-trial.ts'

test('starts on an empty folder, keeps what was written, and ends without a trace', async () => {
  const data = scratchFolder()
  const first = await startEmbedded({ data })
  await ask(first.url, 'create table kept (word text)')
  await ask(first.url, "insert into kept values ('día')")
  const [setting] = await ask(
    first.url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      current_setting('server_encoding') as encoding, current_setting('listen_addresses') as host`,
  )
  expect(setting).toEqual({ fsync: 'on', commit: 'on', encoding: 'UTF8', host: '127.0.0.1' })
  expect(first.version).toMatch(/^18\./)
  await first.stop()
  // It has ended; that its parent knows, too, is a moment later.
  await vi.waitFor(() => expect(isAlive(first.pid)).toBe(false))
  expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
  const second = await start({ data })
  expect(await ask(second.url, 'select * from kept')).toEqual([{ word: 'día' }])
  expect(second.url).toBe(first.url)
  expect(second.adopted).toBe(false)
})

test('needs the password, which only its owner can read', async () => {
  const data = scratchFolder()
  const { url } = await start({ data })
  const wrong = new URL(url)
  wrong.password = 'guess'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700)
  expect(statSync(join(data, 'postgres', 'colonnade.password')).mode & 0o777).toBe(0o600)
})

test('is reached by a socket among its data, with the password and not without', async () => {
  const server = await start({ data: scratchFolder() })
  const how = 'select inet_server_addr() as address'
  expect(await ask(server.nearUrl, how)).toEqual([{ address: null }])
  expect(await ask(server.url, how)).toEqual([{ address: '127.0.0.1' }])
  const db = openDatabase({ url: server.nearUrl, name: 'near' })
  expect(await db.hot.unsafe(how)).toEqual([{ address: null }])
  await db.close()
  const wrong = new URL(server.nearUrl)
  wrong.password = 'guess'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
})

test('where the path of its data is too long for a socket it is reached by its port', async () => {
  const scratch = scratchFolder()
  // For the database's user, when root runs the test.
  chmodSync(scratch, 0o711)
  const data = join(scratch, 'long'.repeat(20))
  mkdirSync(data)
  const server = await start({ data })
  expect(server.nearUrl).toBe(server.url)
  expect(await ask(server.nearUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('finds letters of every script by trigrams and in lower case', async () => {
  const { url } = await start({ data: scratchFolder() })
  await ask(url, 'create extension pg_trgm')
  const [row] = await ask(
    url,
    "select lower('ÑÁ') as low, word_similarity('teкст', 'текст') > 0 as similar, show_trgm('día') as parts",
  )
  expect(row?.low).toBe('ñá')
  expect(row?.parts).toHaveLength(4)
})

test('a server that dies is started again under the same URL', async () => {
  const said: string[] = []
  const server = await start({ data: scratchFolder(), log: (line) => said.push(line) })
  const { pid } = server
  process.kill(pid, 'SIGKILL')
  expect(await askUntilAnswered(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await expect.poll(() => server.pid, { timeout: 20_000 }).not.toBe(pid)
  expect(said).toContain('The database went away; starting it again.')
})

test('a second start in use is refused by name, and the first goes on', async () => {
  const data = scratchFolder()
  const server = await start({ data })
  await expect(start({ data })).rejects.toThrow(/is using the data in .* COLONNADE_DATA/s)
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('of two starts at once on an empty folder exactly one comes up', async () => {
  const data = scratchFolder()
  const results = await Promise.allSettled([start({ data }), start({ data })])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const url = results
    .map((result) => (result.status === 'fulfilled' ? result.value.url : ''))
    .join('')
  expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readdirSync(data).filter((name) => name.startsWith('postgres.new'))).toEqual([])
})

test('what an interrupted initdb left is cleared away', async () => {
  const data = scratchFolder()
  mkdirSync(join(data, 'postgres'))
  mkdirSync(join(data, 'postgres.new-99999999-cafe', 'postgres', 'base'), { recursive: true })
  const server = await start({ data })
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readdirSync(data).filter((name) => name.startsWith('postgres.new'))).toEqual([])
})

test('files whose number belongs to another program by now do not stop it', async () => {
  const data = scratchFolder()
  const server = await startEmbedded({ data })
  const file = join(data, 'postgres', 'postmaster.pid')
  const content = readFileSync(file, 'utf8')
  const { uid, gid } = statSync(file)
  await server.stop()
  const stranger = spawn('sleep', ['300'], { uid, gid })
  await once(stranger, 'spawn')
  const lock = join(data, 'postgres', `.s.PGSQL.${server.port}.lock`)
  for (const one of [file, lock]) {
    writeFileSync(one, content.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 })
    chownSync(one, uid, gid)
  }
  const again = await start({ data })
  expect(await ask(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(stranger.exitCode).toBeNull()
  stranger.kill()
})

test('a chosen port that is taken is named; the port of last time is given up when taken', async () => {
  const data = scratchFolder()
  const first = await startEmbedded({ data })
  await first.stop()
  const other = createServer().listen(first.port, '127.0.0.1')
  await once(other, 'listening')
  await expect(start({ data, port: first.port })).rejects.toThrow(`Port ${first.port} is taken`)
  const second = await start({ data })
  expect(second.port).not.toBe(first.port)
  other.close()
})

test('data of another Postgres are refused with what to do', async () => {
  const data = scratchFolder()
  const server = await startEmbedded({ data })
  await server.stop()
  writeFileSync(join(data, 'postgres', 'PG_VERSION'), '17\n')
  await expect(start({ data })).rejects.toThrow(/of Postgres 17, and .* 18.*DATABASE_URL/s)
})

test('a folder that is no database is left alone', async () => {
  const data = scratchFolder()
  mkdirSync(join(data, 'postgres'))
  writeFileSync(join(data, 'postgres', 'letter.txt'), 'mine')
  await expect(start({ data })).rejects.toThrow('is not a Postgres data directory')
  expect(readdirSync(join(data, 'postgres'))).toEqual(['letter.txt'])
})

test('a start that fails ends with the last words of the server, and nothing runs', async () => {
  const data = scratchFolder()
  await expect(start({ data, settings: { work_mem: 'plenty' } })).rejects.toThrow(
    /work_mem.*plenty/s,
  )
  expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
})

test('a data folder that was copied open to everybody is closed again', async () => {
  const data = scratchFolder()
  const copy = scratchFolder()
  const server = await startEmbedded({ data })
  await server.stop()
  const { uid, gid } = statSync(join(data, 'postgres'))
  cpSync(join(data, 'postgres'), join(copy, 'postgres'), { recursive: true, mode: 0 })
  for (const name of readdirSync(copy, { recursive: true }))
    chownSync(join(copy, String(name)), uid, gid)
  const restored = await start({ data: copy })
  expect(await ask(restored.url, 'select 1 as one')).toEqual([{ one: 1 }])
})
