import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { canEnter, type DatabaseUser, databaseUser } from './embedded-user.ts'

export type DataFolder = {
  path: string
  /** One line for the person who started this, when the folder is not where they would look for it. */
  notice?: string
}

type Surroundings = { env: Record<string, string | undefined>; cwd: string; isRoot?: boolean }

/**
 * Where everything that must survive is kept: COLONNADE_DATA, else `data` in `cwd`; for root, when the account that
 * runs the embedded database could not enter that, /var/lib/colonnade. Makes no folder.
 */
export function dataFolder({ env, cwd, isRoot }: Surroundings): DataFolder {
  if (env.COLONNADE_DATA) return { path: resolve(cwd, env.COLONNADE_DATA) }
  const path = join(cwd, 'data')
  const root = isRoot ?? process.getuid?.() === 0
  if (!root || env.DATABASE_URL) return { path }
  const user = databaseUser(clusterFolder(path))
  // A `data` that exists is opened for the database by prepareDataFolder, so what decides is the folder it lies in.
  if (!user || canEnter(user, cwd)) return { path }
  return {
    path: '/var/lib/colonnade',
    notice:
      `Data are kept in /var/lib/colonnade: the database runs as ${user.name}, ` +
      `who cannot enter ${cwd} (COLONNADE_DATA chooses another folder).`,
  }
}

/** The Postgres data directory within a data folder. */
export function clusterFolder(data: string): string {
  return join(data, 'postgres')
}

/** Makes the data folder, lets the database's user through it, and answers its real path. */
export function prepareDataFolder(data: string, user: DatabaseUser | undefined): string {
  try {
    const first = mkdirSync(data, { recursive: true })
    if (first && user) {
      // Root's umask may be 077: what we made, the database's user must be able to pass through.
      for (let made = resolve(data); made.length >= first.length; made = dirname(made)) {
        chmodSync(made, 0o711)
      }
    }
  } catch (error) {
    throw new Error(`Cannot make the data folder ${data}: ${String(error)}. Set COLONNADE_DATA.`)
  }
  const path = realpathSync(data)
  if (user && !canEnter(user, path)) {
    const { mode, uid } = statSync(path)
    // A private folder that root made for us (mktemp -d, umask 077): passing through suffices, its list stays hidden.
    if (uid === 0) chmodSync(path, (mode & 0o7777) | 0o011)
    if (!canEnter(user, path)) {
      throw new Error(
        `The database runs as ${user.name}, who cannot enter ${path}. Set COLONNADE_DATA to a folder that ` +
          `${user.name} can reach (/var/lib/colonnade), or DATABASE_URL to a Postgres elsewhere.`,
      )
    }
  }
  return path
}
