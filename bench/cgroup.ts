import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cleanup } from './cleanup.ts'

/** A group of processes that may use so much of the machine (Linux control groups, version 1 or 2). */
export type Group = {
  version: 1 | 2
  /** A program that enters the group and becomes the command given to it; what it starts is in the group too. */
  through: readonly string[]
  /** Cores, of all in the group together, e.g. 0.1; `undefined` lifts the limit. */
  limitCpus(cpus: number | undefined): void
  /** Since the group was made: periods in which it wanted more, and the most memory it held. */
  usage(): { periods: number; throttled: number; peakMemoryBytes: number }
  remove(): Promise<void>
}

/** Where controllers are mounted, and in which group this process is: `/proc/self/mountinfo` and `/proc/self/cgroup`. */
export type Hierarchies = { v1: Record<string, string>; v2: string | undefined }

const periodMicroseconds = 100_000

export function readHierarchies(mountinfo: string, own: string): Hierarchies {
  const found: Hierarchies = { v1: {}, v2: undefined }
  for (const line of mountinfo.split('\n')) {
    const [place = '', source = ''] = line.split(' - ')
    const mount = place.split(' ')[4]
    const [type, , options = ''] = source.split(' ')
    if (!mount) continue
    if (type === 'cgroup2') found.v2 = mount
    if (type !== 'cgroup') continue
    for (const name of options.split(',')) {
      if (name !== 'cpu' && name !== 'memory') continue
      const line = own.split('\n').find((one) => one.split(':')[1]?.split(',').includes(name))
      found.v1[name] = join(mount, line?.split(':')[2] ?? '/')
    }
  }
  return found
}

/**
 * Makes a group with a memory limit; it goes with the cleanup, after what runs in it: make it before you start that.
 * @returns why not, where the system does not allow it
 */
export function makeGroup(cleanup: Cleanup, memoryBytes: number): Group | { refused: string } {
  if (process.platform !== 'linux') return { refused: 'control groups are a part of Linux' }
  const read = (file: string) => readFileSync(`/proc/self/${file}`, 'utf8')
  const { v1, v2 } = readHierarchies(read('mountinfo'), read('cgroup'))
  const name = `colonnade-bench-${process.pid}`
  try {
    if (v1.cpu && v1.memory)
      return version1(cleanup, join(v1.cpu, name), join(v1.memory, name), memoryBytes)
    if (v2) return version2(cleanup, v2, name, memoryBytes)
    return { refused: 'no control groups are mounted here' }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { refused: `no control group could be made, which needs root (${why})` }
  }
}

function version1(cleanup: Cleanup, cpu: string, memory: string, bytes: number): Group {
  const remove = make(cleanup, [cpu, memory])
  writeFileSync(join(memory, 'memory.limit_in_bytes'), String(bytes))
  return {
    version: 1,
    through: entering([cpu, memory]),
    limitCpus(cpus) {
      writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(periodMicroseconds))
      writeFileSync(join(cpu, 'cpu.cfs_quota_us'), cpus ? quota(cpus) : '-1')
    },
    usage: () => readUsage(join(cpu, 'cpu.stat'), join(memory, 'memory.max_usage_in_bytes')),
    remove,
  }
}

function version2(cleanup: Cleanup, mount: string, name: string, bytes: number): Group {
  const group = join(mount, name)
  const controllers = readFileSync(join(mount, 'cgroup.subtree_control'), 'utf8').split(/\s+/)
  for (const controller of ['cpu', 'memory']) {
    if (!controllers.includes(controller)) {
      writeFileSync(join(mount, 'cgroup.subtree_control'), `+${controller}`)
    }
  }
  const remove = make(cleanup, [group])
  writeFileSync(join(group, 'memory.max'), String(bytes))
  return {
    version: 2,
    through: entering([group]),
    limitCpus(cpus) {
      writeFileSync(join(group, 'cpu.max'), `${cpus ? quota(cpus) : 'max'} ${periodMicroseconds}`)
    },
    usage: () => readUsage(join(group, 'cpu.stat'), join(group, 'memory.peak')),
    remove,
  }
}

const quota = (cpus: number) => String(Math.round(cpus * periodMicroseconds))

/** A shell that goes into the groups first: whatever the command starts, Postgres included, is born there. */
function entering(groups: readonly string[]): string[] {
  const steps = groups.map((group) => `echo $$ > '${join(group, 'cgroup.procs')}'`)
  return ['sh', '-c', `${steps.join(' && ')} && exec "$@"`, 'sh']
}

function make(cleanup: Cleanup, groups: readonly string[]): () => Promise<void> {
  for (const group of groups) mkdirSync(group)
  const remove = async () => {
    for (const group of groups) await removeGroup(group)
  }
  cleanup.add(remove)
  return remove
}

/** A group goes only when its last process has; what is left over after some seconds is moved out. */
async function removeGroup(group: string): Promise<void> {
  for (let tries = 0; existsSync(group); tries++) {
    try {
      rmdirSync(group)
    } catch (error) {
      if (tries > 100) throw error
      if (tries === 50) moveOut(group)
      await delay(100)
    }
  }
}

function moveOut(group: string): void {
  const pids = readFileSync(join(group, 'cgroup.procs'), 'utf8').trim().split('\n')
  for (const pid of pids.filter(Boolean)) writeFileSync(join(dirname(group), 'cgroup.procs'), pid)
}

function readUsage(cpuStat: string, peakMemory: string) {
  const stat = readFileSync(cpuStat, 'utf8')
  const number = (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(stat)?.[1] ?? 0)
  const peak = existsSync(peakMemory) ? Number(readFileSync(peakMemory, 'utf8')) : Number.NaN
  return {
    periods: number('nr_periods'),
    throttled: number('nr_throttled'),
    peakMemoryBytes: peak,
  }
}
