import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type postgres from 'postgres'
import { onTestFinished } from 'vitest'
import { connectTo } from './connect.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'
import { isServerOf, readPidFile } from './embedded-process.ts'

/** For the tests of the embedded database: folders and servers that are gone when the test is over. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-embedded-'))
  onTestFinished(() => {
    for (const data of [folder, join(folder, 'data')]) {
      const cluster = join(data, 'postgres')
      const pid = readPidFile(cluster)?.pid
      if (pid !== undefined && isServerOf(pid, cluster)) process.kill(pid, 'SIGKILL')
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
  })
  return folder
}

export async function start(options: EmbeddedOptions): Promise<Embedded> {
  const server = await startEmbedded({
    ...options,
    settings: { fsync: 'off', ...options.settings },
  })
  onTestFinished(() => server.stop())
  return server
}

/** Runs one statement on a connection of its own. */
export async function ask(
  url: string,
  statement: string,
): Promise<postgres.RowList<postgres.Row[]>> {
  const sql = connectTo(url, { connect_timeout: 2 })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Asks again until the server answers; the test's own time limit ends it. */
export async function askUntilAnswered(url: string, statement: string): Promise<unknown> {
  for (;;) {
    try {
      return await ask(url, statement)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export type Launcher = { process: ChildProcess; said: Promise<string> }

/** Starts the embedded database from another process; `said` is its URL, or what went wrong. */
export function launch(
  data: string,
  who: { uid?: number; gid?: number; home?: string } = {},
): Launcher {
  const script = `
    import { runnerImport } from 'vite'
    const { module } = await runnerImport(process.argv[1])
    try {
      const server = await module.startEmbedded({ data: process.argv[2], settings: { fsync: 'off' } })
      console.log('up ' + server.url)
      process.on('SIGTERM', () => server.stop().then(() => process.exit(0)))
    } catch (error) {
      console.log('down ' + error.message.replaceAll('\\n', ' '))
      process.exit(1)
    }`
  const args = ['--input-type=module', '-e', script, join(import.meta.dirname, 'embedded.ts'), data]
  const { uid, gid, home } = who
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid !== undefined && { uid, gid }),
    env: { PATH: process.env.PATH, HOME: home ?? process.env.HOME },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const lines = createInterface({ input: child.stdout })
  const said = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(([code]) => `exited with ${code}`),
  ])
  return { process: child, said }
}
