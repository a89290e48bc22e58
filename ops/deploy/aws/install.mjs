// Installs what this folder needs, beside the rest: a fifth of all packages, which nobody needs to run the platform.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Installs what the lock file names, unless that is here. @returns why it could not; undefined when it is here */
export function installAws() {
  const folder = import.meta.dirname
  const stamp = join(folder, 'node_modules/.colonnade-installed')
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return undefined
  const { status, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    return `npm ci in ops/deploy/aws: ${error?.message ?? stderr.trim().split('\n').at(-1) ?? status}`
  }
  writeFileSync(stamp, lock)
  return undefined
}
