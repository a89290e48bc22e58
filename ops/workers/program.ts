import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findRoot } from '../root.ts'

/**
 * The program of a worker in the release that is current now: found anew from the path of the command that was started,
 * which a deploy points elsewhere by a symlink. @throws when there is none
 */
export function workerProgram(command = process.argv[1] ?? ''): string {
  const release = findRoot(dirname(realpathSync(command)))
  const file = join(release, 'dist/server/worker.js')
  if (!existsSync(file)) throw new Error(`${release} is not built: ${file} is missing.`)
  return file
}
