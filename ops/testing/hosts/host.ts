import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../../root.ts'
import type { Child, Settings } from '../colonnade.ts'

/** Thrown where the system lets nobody make hosts; the message says why. */
export class HostsNotAllowed extends Error {}

/** How a command is run on a host. Without `env` it has no settings but what a login would give. */
export type On = { env?: Settings; cwd?: string; input?: string; uid?: number; gid?: number }

const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--cgroup']
const script = (name: string) => join(root, 'ops/testing/hosts', name)

/** What looks after a host: a shell that waits, or systemd with control groups of its own. */
export type Init = 'shell' | 'systemd'

/**
 * The command that boots a host: it tells the number of the host's first process, and lives until its input ends. That is
 * a pipe from us, so when we are killed it ends, and the host with it.
 */
export function firstProcess(
  changes: string,
  name: string,
  init: Init = 'shell',
): [string, ...string[]] {
  const boot = ['unshare', ...namespaces, '--fork', '--kill-child', '/bin/sh'] as const
  const first = [...boot, script('first-process.sh'), changes, name, init] as const
  if (init === 'shell') return [...first]
  return ['/bin/sh', script('in-own-groups.sh'), groupOf(name), ...first]
}

const groupOf = (name: string) => `colonnade-${process.pid}-${name}`

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
   * @param init what looks after it
   * @throws HostsNotAllowed
   */
  static async boot(
    folder: string,
    name: string,
    place: number,
    init: Init = 'shell',
  ): Promise<Host> {
    const changes = join(folder, name)
    mkdirSync(changes, { recursive: true })
    const [program, ...args] = firstProcess(changes, name, init)
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
      removeGroups(name)
      throw new HostsNotAllowed(`No host can be made here: ${refused.trim() || said[0]}`)
    }
    const host = new Host(name, pid, `10.77.0.${place}`, `fd77::${place}`, first)
    if (init === 'systemd') await host.untilUp()
    return host
  }

  /** Until systemd has started what a bare system starts. */
  private async untilUp(): Promise<void> {
    for (const until = Date.now() + 20_000; Date.now() < until; await delay(100)) {
      const state = this.sh('systemctl is-system-running 2>&1 || true').trim()
      if (state === 'running' || state === 'degraded') return
    }
    await this.close()
    throw new HostsNotAllowed('No host can be made here: systemd does not come up on it.')
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
    removeGroups(this.name)
  }
}

/** The control groups that a host with systemd had. */
function removeGroups(host: string): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').matchAll(/^\S+ (\S+) cgroup2? /gm)
  for (const [, hierarchy = ''] of mounts) removeGroup(join(hierarchy, groupOf(host)))
}

function removeGroup(group: string): void {
  if (!existsSync(group)) return
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(group, entry.name))
  }
  try {
    rmdirSync(group)
  } catch {
    // Whoever ended a moment ago is still in it. It is empty, and in nobody's way.
  }
}

/** What a login on the host would find: no settings of ours. */
function login(): Settings {
  const path = process.env.PATH ?? ''
  return { PATH: `${path}:/usr/sbin:/sbin`, HOME: '/root', LANG: 'C.UTF-8', LOGNAME: 'root' }
}
