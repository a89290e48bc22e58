import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import postgres from 'postgres'
import { eventually } from './colonnade.ts'
import type { Trial } from './trial.ts'

/** The account that runs it when we are root, since Postgres will not run as root. */
function account(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = /^(?:postgres|nobody):[^:]*:(\d+):(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return { uid: Number(line?.[1]), gid: Number(line?.[2]) }
}

/** Where this system keeps the programs of the oldest Postgres that we promise to work with; undefined without. */
export function systemPostgres(): string | undefined {
  const parent = '/usr/lib/postgresql'
  if (!existsSync(parent)) return undefined
  const [oldest] = readdirSync(parent)
    .map(Number)
    .filter((version) => version >= 15)
    .sort((a, b) => a - b)
  return oldest ? join(parent, String(oldest), 'bin') : undefined
}

/** Runs it on fresh data of the trial's. @returns the address of an empty database */
export async function startSystemPostgres(trial: Trial, programs: string): Promise<string> {
  const user = account()
  const folder = trial.data('system')
  const cluster = join(folder, 'postgres')
  mkdirSync(cluster, { mode: 0o700 })
  if (user) for (const path of [folder, cluster]) chownSync(path, user.uid, user.gid)
  const who = { ...user, cwd: folder, stdio: 'ignore' as const }
  const flags = ['-U', 'colonnade', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '-N']
  execFileSync(join(programs, 'initdb'), ['-D', cluster, ...flags], who)
  const port = await freePort()
  const args = ['-D', cluster, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-F']
  spawn(join(programs, 'postgres'), [...args, '-k', folder], who).unref()
  const url = (name: string) => `postgres://colonnade@127.0.0.1:${port}/${name}`
  await eventually(async () => {
    const sql = postgres(url('postgres'), { max: 1, connect_timeout: 2, onnotice: () => {} })
    try {
      await sql`create database colonnade`
    } finally {
      await sql.end()
    }
  })
  return url('colonnade')
}
