import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A backup's name is its time (UTC), so that names are in the order of their making. */
export const backupName = (at: Date): string =>
  `colonnade-${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z.tar.age`

const named = /^colonnade-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar\.age$/

/**
 * Removes all but the newest backups of a folder; whatever else lies there stays.
 * @param keep how many, 1 or more
 * @returns the names of those that are gone
 */
export function prune(folder: string, keep: number): string[] {
  const backups = readdirSync(folder).filter((name) => named.test(name))
  const old = backups.sort().slice(0, Math.max(0, backups.length - keep))
  for (const name of old) rmSync(join(folder, name))
  return old
}
