import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@colonnade/testing/free-port'
import { z } from 'zod'
import type { Cleanup } from './cleanup.ts'
import type { Address } from './http/connection.ts'

const announcement = z.object({ pid: z.number(), database: z.string() })
const manifest = z.object({ scripts: z.object({ start: z.string().startsWith('node ') }) })
const courseList = z.object({ items: z.array(z.object({ id: z.number(), slug: z.string() })) })

/** The product in operation, started as anybody would start it, on a port and data of its own. */
export type Installation = {
  url: string
  address: Address
  /** The server's process, or the one that watches over its workers. */
  pid: number
  database: string
  token: string
  data: string
  course: { id: number; slug: string }
  /** Milliseconds from its start until a whole course page had been served. */
  servedAfterMs: number
  stop(): Promise<void>
}

export type StartOptions = {
  root: string
  data: string
  cleanup: Cleanup
  /** `npm start` as people type it, or the same without npm around it. */
  command?: [string, ...string[]]
  nodeArguments?: readonly string[]
  /** Settings of its own, e.g. `{ CACHE: 'off' }`. */
  env?: Readonly<Record<string, string>>
  /** A program that runs the command given to it, e.g. in a cgroup or on some cores only. */
  through?: readonly string[]
}

export const token = 'bench-token-of-no-other-use'
const preferred = 'a-page-that-outlives-its-services'

/** A fresh folder on a real disk, which the database's user can enter; removed at the end. */
export function makeDataFolder(cleanup: Cleanup): string {
  // Memory posing as a disk would make fsync free.
  const tmpfs = 0x01021994
  const parent = statfsSync(tmpdir()).type === tmpfs ? '/var/tmp' : tmpdir()
  const data = mkdtempSync(join(parent, 'colonnade-bench-'))
  chmodSync(data, 0o711)
  cleanup.add(() => rmSync(data, { recursive: true, force: true }))
  return data
}

export async function startInstallation(options: StartOptions): Promise<Installation> {
  const { root, data, cleanup } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const command = options.command ?? startCommand(root, options.nodeArguments)
  const [program = '', ...args] = [...(options.through ?? []), ...command]
  const logFile = join(data, 'bench.log')
  const log = openSync(logFile, 'a')
  const began = performance.now()
  const child = spawn(program, args, {
    cwd: root,
    env: { ...environment(port, data), ...options.env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  // Under npm the server is a grandchild, which says itself who it is.
  const own = options.command ? undefined : child.pid
  const stop = () => end(child, own ?? tryAnnouncement(data))
  cleanup.add(stop)
  const course = await firstPage(url, () => {
    if (child.exitCode === null && child.signalCode === null) return
    throw new Error(
      `The product did not start. Its last words:\n${readFileSync(logFile, 'utf8').slice(-3000)}`,
    )
  })
  const servedAfterMs = performance.now() - began
  const { pid: announced, database } = readAnnouncement(data)
  const pid = own ?? announced
  const address = { host: '127.0.0.1', port }
  return { url, address, pid, database, token, data, course, servedAfterMs, stop }
}

/** What `npm start` runs, its memory limits included. */
function startCommand(root: string, nodeArguments: readonly string[] = []): [string, ...string[]] {
  const { scripts } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const args = scripts.start.split(' ').slice(1)
  return [process.execPath, ...nodeArguments, ...args]
}

/** Asks until a course page is served; the course is the first sample, the same one in every run. */
async function firstPage(url: string, check: () => void): Promise<{ id: number; slug: string }> {
  for (const began = performance.now(); performance.now() - began < 180_000; await delay(10)) {
    check()
    try {
      const known = await fetch(`${url}/learn/${preferred}`)
      if (known.status === 200 && (await known.text()).includes('</html>')) {
        return await courseOf(url)
      }
    } catch {
      // Not listening yet.
    }
  }
  throw new Error('No course page within three minutes.')
}

async function courseOf(url: string): Promise<{ id: number; slug: string }> {
  const { items } = courseList.parse(await (await fetch(`${url}/api/courses?limit=100`)).json())
  const found = items.find(({ slug }) => slug === preferred) ?? items[0]
  if (!found) throw new Error('There is no course to measure.')
  return found
}

/** Nothing of this shell's settings reaches the measured process. */
function environment(port: number, data: string): NodeJS.ProcessEnv {
  const foreign =
    /^(PORT|HOST|METRICS_PORT|LOG_LEVEL|WORKERS|CACHE|TRUSTED_|RATE_|COLONNADE_|SITE_|.*_URL$|NODE_)/
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  return {
    ...Object.fromEntries(kept),
    PORT: String(port),
    COLONNADE_DATA: data,
    COLONNADE_API_TOKEN: token,
  }
}

function readAnnouncement(data: string): { pid: number; database: string } {
  for (const name of readdirSync(join(data, 'run'))) {
    const read = announcement.safeParse(JSON.parse(readFileSync(join(data, 'run', name), 'utf8')))
    if (read.success) return read.data
  }
  throw new Error('The installation does not tell where its database is.')
}

/** Ends the server as Ctrl-C would, and waits for it and for all that it started. */
async function end(child: ChildProcess, server: number | undefined): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  // npm ends with what it started.
  if (server) process.kill(server, 'SIGTERM')
  else child.kill('SIGTERM')
  const patient = new AbortController()
  await Promise.race([
    gone,
    delay(30_000, undefined, { signal: patient.signal }).then(() => child.kill('SIGKILL')),
  ])
  patient.abort()
}

function tryAnnouncement(data: string): number | undefined {
  try {
    return readAnnouncement(data).pid
  } catch {
    return undefined
  }
}
