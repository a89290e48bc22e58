import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../ops/testing/colonnade.ts'
import type { Trial } from '../../ops/testing/trial.ts'
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
