import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

export type Settings = Record<string, string>

/** Who runs a command, and from which checkout; ourselves, from ours, unless told. */
export type From = { checkout?: string; home?: string; uid?: number; gid?: number }

/** A `colonnade` command under way. */
export type Child = {
  pid: number
  /** All it said so far. */
  output(): string
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
  alive(): boolean
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

/** Runs `colonnade …` as a person would, and answers at once. */
export function colonnade(args: readonly string[], settings: Settings, from: From = {}): Child {
  const { checkout = root, home, uid, gid } = from
  const child = spawn(process.execPath, [join(checkout, 'ops/bin/colonnade.mjs'), ...args], {
    cwd: checkout,
    env: { ...environment(), ...(home ? { HOME: home } : {}), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid }),
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part) => {
      said += part
    })
  }
  const ended = endOf(child)
  return {
    pid: child.pid ?? 0,
    output: () => said,
    ended,
    alive: () => child.exitCode === null && child.signalCode === null,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = await once(child, 'close')
  return typeof code === 'number' ? code : signal
}

/** What the person at the terminal, or the test runner, has set must not reach the processes under test. */
export function environment(): NodeJS.ProcessEnv {
  const file = join(root, '.env')
  if (existsSync(file) && /^\s*\w*_URL\s*=/m.test(readFileSync(file, 'utf8'))) {
    throw new Error('.env would reach the processes under test: move it away.')
  }
  const foreign =
    /^(COLONNADE_|SITE_|MEDIA_|OTEL_|VITEST|npm_|NODE_(ENV|OPTIONS)$|.*_URL$|.*PORT$|HOST$|TEST$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

/** Asks until it holds; fails with the last reason after `ms`. */
export async function eventually<T>(ask: () => Promise<T>, ms = 30_000): Promise<T> {
  for (const until = Date.now() + ms; ; ) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
