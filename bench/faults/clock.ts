import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../ops/testing/colonnade.ts'
import { isAlive, type Trial } from '../../ops/testing/trial.ts'
import { Skipped } from './row.ts'

/** The time of day of one process, set while it runs, as by a hand or a broken NTP server. */
export type Clock = {
  /** What the process is started with. */
  settings: Settings
  /** Sets it so many days off; a process reads it once a second. */
  set(days: number): void
}

/** @throws Skipped without libfaketime */
export function clockOf(trial: Trial, name: string): Clock {
  const library = findLibrary()
  const file = join(trial.data('clocks'), name)
  const set = (days: number) => writeFileSync(file, `${days < 0 ? '' : '+'}${days}d\n`)
  set(0)
  return {
    set,
    settings: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      // Setting the time of a machine does not touch its monotonic clock either.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}

/** Removes what libfaketime leaves in memory when a process is killed: files named for a process that is no more. */
export function sweepClocks(): void {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return
  for (const name of readdirSync(memory)) {
    const pid = /^(?:faketime_shm|sem\.faketime_sem)_(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(memory, name), { force: true })
  }
}

function findLibrary(): string {
  const folders = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'faketime'))
    : []
  const found = folders
    .map((folder) => join(folder, 'libfaketime.so.1'))
    .find((path) => existsSync(path))
  if (!found) throw new Skipped('libfaketime is not here: sudo ops/debian.sh')
  return found
}
