import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@colonnade/db/embedded'
import type { TestProject } from 'vitest/node'
import { dropRun } from './database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres in which tests may make and drop databases. */
    databaseServer: string
    /** Prefix of all databases of this run. */
    databaseRun: string
  }
}

/**
 * One Postgres for the whole run: the server TEST_DATABASE_URL names, else an embedded one in a temporary folder,
 * which is removed at the end, however the run ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = `test_${randomBytes(4).toString('hex')}`
  project.provide('databaseRun', run)
  const external = process.env.TEST_DATABASE_URL
  if (external) {
    project.provide('databaseServer', external)
    return () => dropRun(external, run)
  }
  const data = mkdtempSync(join(tmpdir(), 'colonnade-test-'))
  chmodSync(data, 0o711)
  const watcher = watch(data)
  const postgres = await startEmbedded({
    data,
    // What a test run writes need not survive a power cut.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
    log: (line) => console.error(line),
  })
  project.provide('databaseServer', postgres.url)
  return async () => {
    await postgres.stop()
    watcher?.kill('SIGKILL')
    rmSync(data, { recursive: true, force: true })
  }
}

/** A shell that outlives this process: its input ends when we are killed, and then it clears up after us. */
function watch(data: string): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined
  const script =
    'cat >/dev/null; pid=$(head -n 1 "$1/postgres/postmaster.pid") && kill -QUIT "$pid"; ' +
    'while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; rm -rf "$1"'
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', data], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watcher.unref()
  return watcher
}
