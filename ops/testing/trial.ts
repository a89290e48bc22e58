import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { type Child, colonnade, eventually, type From, type Settings } from './colonnade.ts'

/** A process that serves, and where. */
export type Serving = Child & { url: string; port: number; settings: Settings }

/**
 * Folders and processes of one test file, all gone at its end. A shell outlives us: when this process is killed, its
 * input ends, and it clears up in our place.
 */
export class Trial {
  readonly folder = mkdtempSync(join(tmpdir(), 'colonnade-trial-'))
  readonly token = randomBytes(24).toString('base64url')
  readonly secret = randomBytes(24).toString('base64url')
  private readonly children: Child[] = []
  private readonly watcher

  constructor() {
    chmodSync(this.folder, 0o711)
    this.watcher = spawn('/bin/sh', ['-c', clearUp, 'sh', this.folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    this.watcher.unref()
  }

  /** A new data folder; it need not be empty the second time. */
  data(name: string): string {
    const path = join(this.folder, name)
    mkdirSync(path, { recursive: true })
    chmodSync(path, 0o711)
    return path
  }

  /** Settings that every process of an installation shares. */
  settings(data: string, more: Settings = {}): Settings {
    return {
      COLONNADE_DATA: this.data(data),
      COLONNADE_SECRET: this.secret,
      COLONNADE_API_TOKEN: this.token,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      ...more,
    }
  }

  /** Runs a command; nothing is waited for. */
  spawn(args: readonly string[], settings: Settings, from: From = {}): Child {
    const child = colonnade(args, settings, from)
    this.children.push(child)
    this.adopt(child.pid)
    return child
  }

  /** A process that somebody else started is killed too when we are. */
  adopt(pid: number): void {
    appendFileSync(join(this.folder, 'pids'), `${pid}\n`)
  }

  /** Runs a command to its end. @returns what it said @throws when it failed */
  async run(args: readonly string[], settings: Settings, from: From = {}): Promise<string> {
    const child = this.spawn(args, settings, from)
    const code = await child.ended
    if (code !== 0) throw new Error(`colonnade ${args.join(' ')}: ${code}\n${child.output()}`)
    return child.output()
  }

  /** Starts a command that stays, on the port of `settings` or a free one, and waits until it answers. */
  async serve(args: readonly string[], settings: Settings, from: From = {}): Promise<Serving> {
    const port = Number(settings.PORT ?? (await freePort()))
    const child = this.spawn(args, { ...settings, PORT: String(port) }, from)
    const url = `http://127.0.0.1:${port}`
    const ready = args.includes('database')
      ? async () => /is at postgres/.test(child.output())
      : async () => (await fetch(`${url}/healthz`)).ok
    await eventually(async () => {
      if (child.alive() && !(await ready())) throw new Error(`not ready:\n${child.output()}`)
    }, 120_000)
    if (!child.alive()) throw new Error(`colonnade ${args.join(' ')} ended:\n${child.output()}`)
    return { ...child, url, port, settings: { ...settings, PORT: String(port) } }
  }

  /** Starts what was killed again, as it was. */
  async again(serving: Serving, args: readonly string[]): Promise<Serving> {
    return await this.serve(args, serving.settings)
  }

  /** Pids of the Postgres servers whose data lie here, alive or as they were left. */
  postgres(): number[] {
    const folders = readdirSync(this.folder).flatMap((name) => [name, `${name}/checkout/data`])
    return folders.flatMap((folder) => {
      try {
        const file = join(this.folder, folder, 'postgres', 'postmaster.pid')
        return [Number(readFileSync(file, 'utf8').split('\n')[0])]
      } catch {
        return []
      }
    })
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    for (const child of this.children) if (child.alive()) await child.end('SIGKILL')
    for (const pid of this.postgres()) {
      quit(pid)
      await eventually(async () => {
        if (isAlive(pid)) throw new Error(`Postgres ${pid} does not end.`)
      })
    }
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    await this.stop()
    this.watcher.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 })
  }
}

/** Whether a process runs; a zombie that nobody has asked about yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A server that was stopped hears SIGQUIT only when it goes on. */
function quit(pid: number): void {
  if (!isAlive(pid)) return
  process.kill(pid, 'SIGQUIT')
  process.kill(pid, 'SIGCONT')
}

const clearUp = `cat >/dev/null
for pid in $(cat "$1/pids"); do kill -KILL "$pid"; done
for file in "$1"/*/postgres/postmaster.pid "$1"/*/checkout/data/postgres/postmaster.pid; do pid=$(head -n 1 "$file") && kill -QUIT "$pid" && kill -CONT "$pid"; done
sleep 2
rm -rf "$1"`
