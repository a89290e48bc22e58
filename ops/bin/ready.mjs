// Makes a checkout ready to run with nothing but Node: installs what the lock file names, builds what changed.
// Plain JavaScript, because it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')
const sources = ['packages', 'services', 'proxy', 'ops', 'vite.config.ts', 'package-lock.json']

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(
    `Colonnade needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org.`,
  )
  process.exit(1)
}

/** Installs when the lock file is not the one that was installed last. */
export function install() {
  const stamp = join(root, 'node_modules/.colonnade-installed')
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  if (installedByHand()) {
    writeFileSync(stamp, lock)
    return
  }
  console.log('Installing packages (once) …')
  run('npm', ['ci', '--no-audit', '--no-fund'])
  writeFileSync(stamp, lock)
}

/** Whether somebody ran npm after the lock file came here: npm leaves a copy of what it installed. */
function installedByHand() {
  const installed = join(root, 'node_modules/.package-lock.json')
  const slackMs = 60_000
  return (
    existsSync(installed) &&
    statSync(installed).mtimeMs > statSync(join(root, 'package-lock.json')).mtimeMs - slackMs
  )
}

/** Builds when a source file is not as it was at the last build. */
export function build({ force = false } = {}) {
  const stamp = join(root, 'dist/.built')
  const now = fingerprint()
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  const held = lockBuild()
  try {
    if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
    console.log('Building …')
    run(process.execPath, [join(root, 'ops/build.mjs')])
    writeFileSync(stamp, now)
  } finally {
    held()
  }
}

/** Notes that packages and build are here, for whoever may not write there: a release is made once, then only run. */
export function declareReady() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  writeFileSync(join(root, 'node_modules/.colonnade-installed'), lock.digest('hex'))
  writeFileSync(join(root, 'dist/.built'), fingerprint())
}

/** Two commands started at once build once: the second waits for the first, but not for one that died. */
function lockBuild() {
  const lock = join(root, 'dist/.building')
  for (;;) {
    try {
      mkdirSync(join(root, 'dist'), { recursive: true })
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      return () => rmSync(lock, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') {
        console.error(
          `What lies in dist was not built from these sources, and cannot be built anew by this user (${error.message}). Run npm run build in ${root} as its owner.`,
        )
        process.exit(1)
      }
      if (!alive(lock)) rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
}

function alive(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return true
  } catch (error) {
    // No pid yet: the other is between its two steps, unless that was long ago.
    return error.code === 'ENOENT' && existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 5000
  }
}

function fingerprint() {
  const hash = createHash('sha256').update(process.versions.node)
  const walk = (path) => {
    const stat = statSync(path)
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (name !== 'node_modules' && !name.startsWith('.')) walk(join(path, name))
      }
    } else if (!/\.(test|md)\b/.test(path)) {
      hash.update(`${path.slice(root.length)} ${stat.size} ${stat.mtimeMs}\n`)
    }
  }
  for (const source of sources) walk(join(root, source))
  return hash.digest('hex')
}

export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}
