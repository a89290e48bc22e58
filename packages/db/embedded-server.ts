import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Binaries } from './embedded-binaries.ts'
import { isServerOf, readPidFile } from './embedded-process.ts'
import { disownSocket, socketFolder } from './embedded-socket.ts'
import type { DatabaseUser } from './embedded-user.ts'

/** All that a start of the server needs, whichever attempt it is. */
export type ServerPlan = {
  cluster: string
  binaries: Binaries
  user: DatabaseUser | undefined
  host: string
  settings: Record<string, string>
  logFile: string
}

export type StartFailure = 'port' | 'busy' | 'again' | 'other'

/** A server that did not come up: `reason` says whether another attempt makes sense. */
export class StartError extends Error {
  readonly reason: StartFailure
  constructor(reason: StartFailure, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Nothing of ours is handed on: PGPORT or LD_LIBRARY_PATH would change what Postgres does. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', SystemRoot, TEMP } = process.env
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(SystemRoot && { SystemRoot }), ...(TEMP && { TEMP }) }
}

/** Starts Postgres and waits until it takes connections; answers its pid. */
export async function launchServer(plan: ServerPlan, port: number): Promise<number> {
  const { cluster, binaries, user, logFile } = plan
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 5_000_000) {
    renameSync(logFile, `${logFile}.old`)
  }
  const args = ['-D', cluster, '-p', String(port), '-c', `listen_addresses=${plan.host}`]
  const sockets = socketFolder(cluster)
  if (sockets) disownSocket(sockets, port)
  args.push('-c', `unix_socket_directories=${sockets ?? ''}`)
  args.push('-c', `colonnade.launcher=${process.pid}`)
  for (const [name, value] of Object.entries(plan.settings)) args.push('-c', `${name}=${value}`)
  const log = openSync(logFile, 'a', 0o600)
  const from = statSync(logFile).size
  const child = spawn(join(binaries.folder, 'bin', 'postgres'), args, {
    ...(user && { uid: user.uid, gid: user.gid }),
    cwd: dirname(cluster),
    env: programEnvironment(),
    stdio: ['ignore', log, log],
    // In a group of its own: Ctrl-C would otherwise end it before the requests in flight are answered.
    detached: true,
    windowsHide: true,
  })
  closeSync(log)
  child.unref()
  const exited = once(child, 'exit').then(
    () => undefined,
    (error: unknown) => error,
  )
  let over: { error: unknown } | undefined
  exited.then((error) => {
    over = { error }
  })
  const deadline = performance.now() + 300_000
  while (!over) {
    const file = readPidFile(cluster)
    if (child.pid !== undefined && file?.pid === child.pid && file.ready) return child.pid
    if (performance.now() > deadline) {
      child.kill('SIGQUIT')
      await exited
    }
    await Promise.race([delay(20), exited])
  }
  throw failure(plan, over.error, logSince(logFile, from))
}

function logSince(logFile: string, from: number): string {
  return readFileSync(logFile)
    .subarray(from)
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(-12)
    .join('\n')
}

function failure({ cluster, binaries }: ServerPlan, error: unknown, said: string): StartError {
  if (error) {
    return new StartError('other', `Postgres in ${binaries.folder} cannot be run: ${String(error)}`)
  }
  if (/No space left on device/.test(said)) {
    const why = `The disk that holds ${cluster} is full: free some space and start again.`
    return new StartError('other', why)
  }
  const reason = /Address already in use|could not create any TCP\/IP sockets/.test(said)
    ? 'port'
    : /lock file .* already exists/.test(said)
      ? 'busy'
      : /pre-existing shared memory block/.test(said)
        ? 'again'
        : 'other'
  return new StartError(reason, `Postgres did not start. Its last words:\n${said}`)
}

const pgCtl = promisify(execFile)

/** Ends a server: orderly, and step by step less so when it does not go. Resolves when it is gone. */
export async function endServer(plan: ServerPlan, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    const program = join(plan.binaries.folder, 'bin', 'pg_ctl')
    await pgCtl(program, ['stop', '-D', plan.cluster, '-m', 'fast', '-w'])
    return
  }
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ]
  for (const [signal, patience] of steps) {
    const deadline = performance.now() + patience
    if (!send(plan.cluster, pid, signal)) return
    // One that was stopped with SIGSTOP hears nothing else first.
    send(plan.cluster, pid, 'SIGCONT')
    while (performance.now() < deadline) {
      if (!isServerOf(pid, plan.cluster)) return
      await delay(20)
    }
  }
}

function send(cluster: string, pid: number, signal: NodeJS.Signals): boolean {
  if (!isServerOf(pid, cluster)) return false
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** A port nobody listens on: the one of last time where possible, so that written-down URLs stay true. */
export async function choosePort(cluster: string, host: string): Promise<number> {
  const options = join(cluster, 'postmaster.opts')
  const last = existsSync(options)
    ? /"-p" "(\d+)"/.exec(readFileSync(options, 'utf8'))?.[1]
    : undefined
  return (await freePort(Number(last ?? 0), host)) || (await freePort(0, host))
}

/** `port` when it is free, or any free one for 0; 0 when there is none. */
export async function freePort(port: number, host: string): Promise<number> {
  const probe = createServer()
  try {
    probe.listen(port, host)
    await once(probe, 'listening')
    const address = probe.address()
    return typeof address === 'object' && address ? address.port : 0
  } catch {
    return 0
  } finally {
    probe.close()
  }
}
