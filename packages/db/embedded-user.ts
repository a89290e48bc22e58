import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'

/** The unprivileged account Postgres runs under when we are root; Postgres itself refuses to run as root. */
export type DatabaseUser = { name: string; uid: number; gid: number }

const preferred = ['colonnade', 'postgres', '_postgres', 'nobody', 'daemon']

/**
 * Who runs the database: undefined for an ordinary user (Postgres runs as them), else the owner of the data when
 * there are some, so that nothing changes hands between two starts, else the first usable account of this system.
 */
export function databaseUser(cluster: string): DatabaseUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readAccounts()
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid
  const found =
    accounts.find((account) => account.uid === owner) ??
    preferred.flatMap((name) => accounts.filter((account) => account.name === name)).at(0) ??
    accounts.at(0)
  if (!found) {
    throw new Error(
      'Postgres does not run as root, and this system has no other account to run it under. Add one ' +
        '(useradd --system colonnade), start as an ordinary user, or set DATABASE_URL to a Postgres elsewhere.',
    )
  }
  return found
}

/** Whether `user` can enter a folder, found out by trying: permission bits alone know nothing of ACLs or mounts. */
export function canEnter(user: DatabaseUser, folder: string): boolean {
  return passes(user, 'cd "$1"', folder)
}

/** Whether `user` can run the programs in a folder that holds bin/postgres and its libraries. */
export function canRun(user: DatabaseUser, folder: string): boolean {
  const test =
    'cd "$1/lib" && test -r . && test -x "$1/bin/postgres" && test -r "$1/share/postgresql/postgres.bki"'
  return passes(user, test, folder)
}

function passes(user: DatabaseUser, script: string, folder: string): boolean {
  const result = spawnSync('/bin/sh', ['-c', script, 'sh', folder], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  })
  if (result.error) {
    throw new Error(
      `Postgres does not run as root, and this process may not switch to the user ${user.name} ` +
        `(${result.error.message}). Start as an ordinary user, or set DATABASE_URL to a Postgres elsewhere.`,
    )
  }
  return result.status === 0
}

function readAccounts(): DatabaseUser[] {
  const accounts: DatabaseUser[] = []
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name && Number(uid) > 0 && Number(gid) > 0) {
      accounts.push({ name, uid: Number(uid), gid: Number(gid) })
    }
  }
  return accounts
}
