import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'

export const root = join(import.meta.dirname, '..')

/** An empty data folder that the embedded database's own user can enter. */
export function makeDataFolder(): string {
  const data = mkdtempSync(join(tmpdir(), 'colonnade-e2e-'))
  chmodSync(data, 0o711)
  return data
}

export type Settings = Record<string, string>

/** Settings of an installation of our own, on a data folder. */
export function ownSettings(data: string): Settings {
  return {
    COLONNADE_DATA: data,
    COLONNADE_SECRET: randomBytes(24).toString('base64url'),
    COLONNADE_API_TOKEN: randomBytes(24).toString('base64url'),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
  }
}

/** What the person at the terminal has set for their own installation must not reach ours. */
function environment(settings: Settings): NodeJS.ProcessEnv {
  const file = join(root, '.env')
  if (existsSync(file) && /^\s*\w*(_URL|SITE_\w+)\s*=/m.test(readFileSync(file, 'utf8'))) {
    throw new Error('.env would reach the tests’ installation: move it away, or set BASE_URL.')
  }
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(COLONNADE_|SITE_|VITEST|.*_URL$|.*PORT$|HOST$|NODE_ENV$)/.test(name),
  )
  return { ...Object.fromEntries(kept), ...settings }
}

/** One `colonnade` process of ours. */
export type Running = {
  url: string
  port: number
  output(): string
  /** With SIGKILL nothing is finished or closed. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/**
 * Runs a command that stays, on the port of the settings or a free one, until it is ready.
 * @param ready what it says at its end; or an address that answers 200
 */
export async function runColonnade(args: string[], settings: Settings): Promise<Running> {
  const port = Number(settings.PORT ?? (await freePort()))
  const child = spawn(process.execPath, [join(root, 'ops/bin/colonnade.mjs'), ...args], {
    cwd: root,
    env: environment({ PORT: String(port), ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      text += part
    })
  }
  const guard = watch(child)
  const url = `http://127.0.0.1:${port}`
  const stop: Running['stop'] = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    }
    guard?.kill('SIGKILL')
  }
  try {
    await ready(child, () => text, args.includes('database') ? undefined : url)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, port, output: () => text, stop }
}

async function ready(child: ChildProcess, output: () => string, url?: string): Promise<void> {
  for (const end = Date.now() + 110_000; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`colonnade ended at once:\n${output()}`)
    if (!url && /is at postgres/.test(output())) return
    if (url && (await fetch(`${url}/readyz`).catch(() => undefined))?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`colonnade was not ready in time:\n${output()}`)
}

/** A shell that outlives this process: its input ends when we are killed, and then it ends what we started. */
function watch(child: ChildProcess): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined
  const watcher = spawn(
    '/bin/sh',
    ['-c', 'cat >/dev/null; kill -TERM "$1"', 'sh', `${child.pid}`],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  )
  watcher.unref()
  return watcher
}

/** Runs a command that ends. @returns what it said */
export async function colonnade(args: string[], settings: Settings): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'ops/bin/colonnade.mjs'), ...args], {
    cwd: root,
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      text += part
    })
  }
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`colonnade ${args.join(' ')} ended with ${status}:\n${text}`)
  return text
}

export function removeDataFolder(data: string): void {
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
}
