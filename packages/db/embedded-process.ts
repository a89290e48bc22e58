import { execFileSync } from 'node:child_process'
import {
  closeSync,
  fchownSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** What a running Postgres says of itself in `postmaster.pid`. */
export type PidFile = { pid: number; port: number; host: string; ready: boolean }

export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    const host = lines[5] ?? ''
    return { pid, port: Number(lines[3]), host, ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

/**
 * The pid in the file may meanwhile be another program's, and Postgres would refuse to start. Only the number is
 * replaced, by one no system gives out: the rest lets Postgres find back-ends that outlived their server.
 */
export function disownPidFile(cluster: string): void {
  const path = join(cluster, 'postmaster.pid')
  const content = readFileSync(path, 'utf8').replace(/^\d+/, '99999999')
  const { uid, gid } = statSync(path)
  // A new file under another name, because root must not write through a link in a folder that is not its own.
  const next = join(cluster, `postmaster.pid.${process.pid}`)
  const file = openSync(next, 'wx', 0o600)
  writeFileSync(file, content)
  fchownSync(file, uid, gid)
  closeSync(file)
  renameSync(next, path)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether `pid` is a Postgres that serves `cluster`; a zombie, or a stranger that got the number, is not. */
export function isServerOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') return true
  const words = commandLine(pid)
  // What we may not see is taken for ours: Postgres itself then decides.
  if (!words) return isAlive(pid)
  // ps does not tell where one word ends.
  if (process.platform !== 'linux') return words.join(' ').includes(cluster)
  return words.some((word) => {
    try {
      return word.startsWith('/') && realpathSync(word) === cluster
    } catch {
      return false
    }
  })
}

/** Whether the process that started this server still lives. Its pid is on the command line, so none is mistaken. */
export function hasLauncher(pid: number): boolean {
  const launcher = /colonnade\.launcher=(\d+)/.exec(commandLine(pid)?.join(' ') ?? '')?.[1]
  return launcher !== undefined && launcher === parentOf(pid)
}

function commandLine(pid: number): string[] | undefined {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    }
    return ps(pid, 'command').split(' ')
  } catch {
    return undefined
  }
}

function parentOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return ps(pid, 'ppid')
    return /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

function ps(pid: number, field: string): string {
  return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
}
