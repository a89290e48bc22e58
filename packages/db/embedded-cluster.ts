import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './embedded-binaries.ts'
import { clusterFolder } from './embedded-folder.ts'
import { isAlive } from './embedded-process.ts'
import { programEnvironment } from './embedded-server.ts'
import type { DatabaseUser } from './embedded-user.ts'

const run = promisify(execFile)
const passwordFile = 'colonnade.password'
const settingsFile = 'colonnade.conf'

/** For one small box. postgresql.conf and ALTER SYSTEM win over these; fsync stays on. */
const settings = `# Written by Colonnade at each start. Change settings in postgresql.conf, below its include line.
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_connections = 100
max_wal_size = 1GB
min_wal_size = 80MB
checkpoint_timeout = 15min
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
max_wal_senders = 2
max_logical_replication_workers = 0
io_method = sync
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_messages = log
log_checkpoints = off
`

/** A data directory that is ready to be served, and its superuser's password. */
export type Cluster = { folder: string; password: string }

/** Makes the data directory when there is none; refuses one that this Postgres cannot serve. */
export async function prepareCluster(
  data: string,
  binaries: Binaries,
  user: DatabaseUser | undefined,
  overrides: Record<string, string>,
  host: string,
): Promise<Cluster> {
  const folder = clusterFolder(data)
  removeInterrupted(data)
  if (isEmpty(folder)) {
    await initialise(data, binaries, user, overrides.fsync !== 'off')
  }
  checkCluster(folder, binaries.major)
  // A restored or copied folder may be open to others, which Postgres refuses.
  chmodSync(folder, 0o700)
  // Passwords only, and from this machine alone unless the operator chose to listen elsewhere.
  const from = host === '127.0.0.1' ? '127.0.0.1/32' : 'all'
  const access = `host all all ${from} scram-sha-256\nlocal all all scram-sha-256\n`
  const hba = join(folder, 'colonnade.hba.conf')
  writeOwned(hba, access, user)
  writeOwned(
    join(folder, settingsFile),
    `${settings}hba_file = '${hba.replaceAll("'", "''")}'\n`,
    user,
  )
  return { folder, password: readFileSync(join(folder, passwordFile), 'utf8').trim() }
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0
  } catch (error) {
    return hasCode(error, 'ENOENT')
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** The folder is the database user's: root must follow no link that lies there, hence a new file, owned by handle. */
function writeOwned(path: string, content: string, user: DatabaseUser | undefined): void {
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    if (user) fchownSync(file, user.uid, user.gid)
  } finally {
    closeSync(file)
  }
}

function checkCluster(folder: string, major: string): void {
  let found: string
  try {
    found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    throw new Error(
      hasCode(error, 'EACCES')
        ? `The data in ${folder} belong to another user: start as that user or as root, or set COLONNADE_DATA.`
        : `${folder} is not a Postgres data directory: move it away, and an empty one is made in its place.`,
    )
  }
  if (found !== major) {
    throw new Error(
      `The data in ${folder} are of Postgres ${found}, and this Colonnade brings Postgres ${major}. Serve them with ` +
        `a Postgres ${found} and set DATABASE_URL, or dump them there and restore them into a new COLONNADE_DATA.`,
    )
  }
  if (!existsSync(join(folder, passwordFile))) {
    throw new Error(
      `${folder} has no ${passwordFile}: it was not made by Colonnade, or is damaged.`,
    )
  }
}

/** initdb in a folder of its own, renamed when complete: an interrupted one leaves nothing that looks finished. */
async function initialise(
  data: string,
  binaries: Binaries,
  user: DatabaseUser | undefined,
  sync: boolean,
): Promise<void> {
  const home = join(data, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(home, { mode: 0o700 })
  const fresh = join(home, 'postgres')
  const secret = join(home, 'password')
  try {
    writeFileSync(secret, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (user) for (const path of [home, secret]) chownSync(path, user.uid, user.gid)
    await initdb(fresh, secret, home, binaries, user, sync)
    appendFileSync(join(fresh, 'postgresql.conf'), `\ninclude '${settingsFile}'\n`)
    renameSync(secret, join(fresh, passwordFile))
    try {
      renameSync(fresh, clusterFolder(data))
    } catch (error) {
      // Another process was first: its data directory is the one.
      if (!existsSync(join(clusterFolder(data), 'PG_VERSION'))) throw error
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function initdb(
  folder: string,
  secret: string,
  cwd: string,
  binaries: Binaries,
  user: DatabaseUser | undefined,
  sync: boolean,
): Promise<void> {
  // pg_trgm classifies letters by LC_CTYPE: with plain C it drops every letter that is not ASCII.
  for (const ctype of ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'UTF-8', 'C']) {
    const args = ['-D', folder, '-U', 'colonnade', '--auth=scram-sha-256', `--pwfile=${secret}`]
    args.push('--encoding=UTF8', '--locale=C', `--lc-ctype=${ctype}`)
    args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8')
    if (!sync) args.push('--no-sync')
    const who = user ? { uid: user.uid, gid: user.gid } : {}
    try {
      await run(join(binaries.folder, 'bin', 'initdb'), args, {
        ...who,
        cwd,
        env: programEnvironment(),
      })
      return
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
      const why = said || String(error)
      if (/invalid locale name/.test(why) && ctype !== 'C') continue
      if (/No space left on device/.test(why)) {
        throw new Error(
          `The disk that holds ${dirname(cwd)} is full: free some space and start again.`,
        )
      }
      throw new Error(`Postgres could not make its data directory:\n${why}`)
    }
  }
}

function removeInterrupted(data: string): void {
  for (const name of readdirSync(data)) {
    const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1]
    if (maker === undefined) continue
    const path = join(data, name)
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    // Its number may belong to another process by now; no initdb takes ten minutes.
    if (isAlive(Number(maker)) && age <= 600_000) continue
    // The initdb of a launcher that was killed may go on for a second, and write where we remove.
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}
