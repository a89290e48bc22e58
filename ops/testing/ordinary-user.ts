import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'
import type { From } from './colonnade.ts'
import type { Trial } from './trial.ts'

/** Nobody in particular: an account without rights. */
const uid = 65_534
const gid = 65_534

/**
 * A checkout in the home of an ordinary user that others cannot enter. Packages are linked, not copied: only the
 * folders that hold them are the user's own.
 */
export function homeOfNobody(trial: Trial): From & { checkout: string } {
  const home = join(trial.folder, 'home')
  const checkout = join(home, 'checkout')
  mkdirSync(checkout, { recursive: true })
  const cp = (flags: string, name: string) =>
    execFileSync('cp', [flags, join(root, name), join(checkout, name)])
  const sources = ['packages', 'services', 'proxy', 'ops', 'bench', 'e2e', 'content', 'dist']
  for (const name of sources) cp('-a', name)
  for (const name of ['package.json', 'package-lock.json', 'vite.config.ts']) cp('-a', name)
  try {
    cp('-al', 'node_modules')
  } catch {
    // Another disk: a link does not reach over.
    execFileSync('rm', ['-rf', join(checkout, 'node_modules')])
    cp('-a', 'node_modules')
  }
  execFileSync('find', [home, '-type', 'd', '-exec', 'chown', `${uid}:${gid}`, '{}', '+'])
  chownSync(home, uid, gid)
  chmodSync(home, 0o700)
  return { checkout, home, uid, gid }
}
