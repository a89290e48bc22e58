import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../root.ts'
import type { Child, Settings } from '../colonnade.ts'

/** Thrown where the system lets nobody make hosts; the message says why. */
export class HostsNotAllowed extends Error {}

/** How a command is run on a host. Without `env` it has no settings but what a login would give. */
export type On = { env?: Settings; cwd?: string; input?: string; uid?: number; gid?: number }

const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc']

/**
 * The command that boots a host: it tells the number of the host's first process, and lives until its input ends. That is
 * a pipe from us, so when we are killed it ends, and the host with it.
 */
export function firstProcess(changes: string, name: string): [string, ...string[]] {
  const script = join(root, 'ops/testing/hosts/first-process.sh')
  return ['unshare', ...namespaces, '--fork', '--kill-child', '/bin/sh', script, changes, name]
}

/** A machine of its own as far as processes on it can tell: network, files, processes and name. */
export class Host {
  private constructor(
    readonly name: string,
    /** Its first process, as it is known outside. When that ends, the kernel ends all others on the host. */
    readonly pid: number,
    readonly v4: string,
    readonly v6: string,
    private readonly first: ChildProcess,
  ) {}

  /**
   * Starts a host that has nothing but loopback yet.
   * @param folder where what is written on it goes; the caller removes it after `close`
   * @param place its number on the network: 10.77.0.{place} and fd77::{place}
   * @throws HostsNotAllowed
   */
  static async boot(folder: string, name: string, place: number): Promise<Host> {
    const changes = join(folder, name)
    mkdirSync(changes, { recursive: true })
    const [program, ...args] = firstProcess(changes, name)
    const first = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let refused = ''
    first.stderr.on('data', (part) => {
      refused += part
    })
    const ended = once(first, 'exit')
    const told = once(first.stdout, 'data')
    told.catch(() => {})
    const said = await Promise.race([told, ended.catch((error: Error) => [error.message])])
    const pid = Number(said[0])
    if (!Buffer.isBuffer(said[0]) || !Number.isInteger(pid)) {
      throw new HostsNotAllowed(`No host can be made here: ${refused.trim() || said[0]}`)
    }
    return new Host(name, pid, `10.77.0.${place}`, `fd77::${place}`, first)
  }

  /** The words before a command that run it on this host. */
  prefix({ uid, gid }: On = {}): [string, ...string[]] {
    const user = uid === undefined ? [] : [`--setuid=${uid}`, `--setgid=${gid ?? uid}`]
    return ['nsenter', `--target=${this.pid}`, ...namespaces, ...user, '--']
  }

  /** Runs a command to its end. @returns what it printed @throws with what it said on failure */
  run(command: readonly [string, ...string[]], on: On = {}): string {
    const [program, ...args] = [...this.prefix(on), ...command]
    return execFileSync(program, args, {
      ...(on.input === undefined ? {} : { input: on.input }),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: on.cwd ?? '/',
      env: { ...login(), ...on.env },
    })
  }

  /** Starts a command and answers at once; nothing is thrown when it fails. */
  start(command: readonly [string, ...string[]], on: On = {}): Child {
    const [program, ...args] = [...this.prefix(on), ...command]
    const child = spawn(program, args, {
      stdio: [on.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      cwd: on.cwd ?? '/',
      env: { ...login(), ...on.env },
    })
    child.stdin?.end(on.input)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (part) => {
        said += part
      })
    }
    const ended = once(child, 'close').then(([code, signal]) =>
      typeof code === 'number' ? code : signal,
    )
    return {
      pid: child.pid ?? 0,
      output: () => said,
      ended,
      alive: () => child.exitCode === null && child.signalCode === null,
      end(signal) {
        // nsenter passes no signal on: the command is its only child.
        const pids = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
        for (const pid of pids.split(' ').filter(Boolean)) process.kill(Number(pid), signal)
        return ended
      },
    }
  }

  /** Runs a shell script to its end. */
  sh(script: string, on: On = {}): string {
    return this.run(['/bin/sh', '-eu', '-c', script], on)
  }

  /** Ends every process on it; its network and its file system are gone then. */
  async close(): Promise<void> {
    if (this.first.exitCode !== null || this.first.signalCode !== null) return
    const gone = once(this.first, 'exit')
    process.kill(this.pid, 'SIGKILL')
    await gone
  }
}

/** What a login on the host would find: no settings of ours. */
function login(): Settings {
  const path = process.env.PATH ?? ''
  return { PATH: `${path}:/usr/sbin:/sbin`, HOME: '/root', LANG: 'C.UTF-8', LOGNAME: 'root' }
}
