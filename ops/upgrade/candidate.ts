import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listRunning } from '../running.ts'
import { ask, ReleaseFailed } from './probe.ts'

type Env = Record<string, string | undefined>

/** A release on trial. */
export type Candidate = { url: string; close(): Promise<void> }

/** What processes of their own keep, and no two may share. */
const apart = ['run', 'postgres', 'proxy', 'backups']
const memory = ['--max-old-space-size=320', '--max-semi-space-size=16', '--no-parallel-scavenge']

/**
 * Starts a release beside the running one, on a spare port of loopback, with its database and its files. It answers
 * reads as it would in earnest, and leaves events alone: whom it tells of them is not who must hear.
 * @param options.args of `colonnade`, such as `serve proxy`
 * @param options.env what it needs beyond its own `.env`; the data folder is one of its own, made from `data`
 * @throws ReleaseFailed when it ends, or is not ready in time
 */
export async function startCandidate(options: {
  release: string
  args: readonly string[]
  env: Env
  data: string
  readyMs: number
}): Promise<Candidate> {
  const { release, args, env, data, readyMs } = options
  const scratch = shadow(data)
  const child = spawn(
    process.execPath,
    [...memory, join(release, 'ops/bin/colonnade.mjs'), ...args],
    {
      cwd: release,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...env,
        COLONNADE_DATA: scratch,
        // One that is free when it listens; it says which.
        PORT: '0',
        HOST: '127.0.0.1',
        // Nobody watches it.
        METRICS_PORT: '0',
        WORKERS: '1',
        EVENTS: 'off',
        LOG_LEVEL: 'warn',
      },
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-2000)
    })
  }
  const ended = once(child, 'exit')
  const close = async () => {
    process.off('exit', killed)
    child.kill('SIGTERM')
    await Promise.race([ended, delay(5000, undefined, { ref: false })])
    child.kill('SIGKILL')
    await ended
    rmSync(scratch, { recursive: true, force: true })
  }
  const killed = () => {
    child.kill('SIGKILL')
    rmSync(scratch, { recursive: true, force: true })
  }
  process.on('exit', killed)
  const tryUrl = () =>
    listRunning(scratch)
      .find(({ pid }) => pid === child.pid)
      ?.url.replace('localhost', '127.0.0.1')
  const isReady = async (url: string) =>
    (await ask(`${url}/readyz`).catch(() => undefined))?.status === 200
  const words = () => (said.trim() ? `\n${said.trim()}` : '')
  for (const until = Date.now() + readyMs; ; await delay(100)) {
    const url = tryUrl()
    if (url && (await isReady(url))) return { url, close }
    const over = child.exitCode ?? child.signalCode
    if (over === null && Date.now() < until) continue
    await close()
    throw new ReleaseFailed(
      over === null
        ? `It was not ready within ${readyMs / 1000} s (READY_SECONDS).${words()}`
        : `It ended as it started (${over}).${words()}`,
    )
  }
}

/** A data folder with the files of services, and nothing that belongs to a process. */
function shadow(data: string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'colonnade-trial-release-'))
  if (existsSync(data)) {
    for (const entry of readdirSync(data, { withFileTypes: true })) {
      if (!entry.isDirectory() || apart.includes(entry.name)) continue
      symlinkSync(join(data, entry.name), join(scratch, entry.name))
    }
  }
  mkdirSync(join(scratch, 'proxy'))
  writeFileSync(join(scratch, 'samples-imported'), '')
  return scratch
}
