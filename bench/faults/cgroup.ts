import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cleanup } from '../cleanup.ts'
import { Skipped } from './row.ts'

const mounted = '/sys/fs/cgroup'

/** A group of processes whose share of the machine is limited (control groups, version 1). */
export class Group {
  private constructor(
    private readonly folder: string,
    readonly controller: string,
  ) {}

  /** @throws Skipped where none can be made */
  static make(controller: 'cpu' | 'memory' | 'blkio', cleanup: Cleanup): Group {
    const parent = join(mounted, controller)
    if (!existsSync(join(parent, 'cgroup.procs'))) {
      throw new Skipped(`This system has no ${controller} control group of version 1.`)
    }
    const folder = join(parent, `colonnade-faults-${process.pid}`)
    try {
      mkdirSync(folder, { recursive: true })
    } catch {
      throw new Skipped(`A ${controller} control group may be made by root only.`)
    }
    const group = new Group(folder, controller)
    cleanup.add(() => group.remove())
    return group
  }

  set(name: string, value: string | number): void {
    writeFileSync(join(this.folder, name), String(value))
  }

  get(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }

  /** Takes a process in; what it begins from then on belongs to the group too. */
  take(pid: number): void {
    this.set('cgroup.procs', pid)
  }

  private async remove(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      try {
        for (const pid of this.get('cgroup.procs').split('\n').filter(Boolean)) {
          writeFileSync(join(mounted, this.controller, 'cgroup.procs'), pid)
        }
        rmdirSync(this.folder)
        return
      } catch {
        // One of them ended in between, or is still ending.
        await delay(50)
      }
    }
  }
}

/** The disk that holds a path, as `major:minor`; of a partition, the whole disk's would be needed. */
export function diskOf(path: string): string {
  const { dev } = statSync(path)
  return `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
}
