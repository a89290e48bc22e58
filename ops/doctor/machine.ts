import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Running } from '../running.ts'
import { readSecrets } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import type { Division } from '../workers/cores.ts'
import { type Finding, fail, gibibytes, ok, warn } from './finding.ts'

const megabyte = 1024 * 1024

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', `Node ${version}.`)
  return fail('node', `Node ${version} is too old.`, 'Install Node 20.19 or newer from nodejs.org.')
}

/** How the cores are shared out, and the pools that follow from it. */
export function checkWorkers(division: Division): Finding {
  const { cores, workers, pools } = division
  const who = workers === 1 ? 'One process takes' : `${workers} workers on one port take`
  const what = `${who} all requests on ${count(cores, 'core')}; each service has there ${count(pools.hot, 'connection')} for point reads, ${pools.work} for transactions, ${pools.background} for events.`
  if (workers <= cores) return ok('workers', what)
  return warn(
    'workers',
    what,
    `Set WORKERS to ${cores} or fewer: more than there are cores only take turns.`,
  )
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

/** Whether this process could listen where it is told to, or one of ours does already. */
export async function checkPort(
  name: string,
  port: number,
  host: string,
  running: readonly Running[],
): Promise<Finding> {
  if (port === 0) return ok('ports', `${name} is 0: any free port.`)
  const ours = running.find(({ url }) => new URL(url).port === String(port))
  if (ours) return ok('ports', `${name} ${port} is held by our own process ${ours.pid}.`)
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  if (!error) return ok('ports', `${name} ${port} is free.`)
  if (error.code === 'EACCES') {
    return fail(
      'ports',
      `${name} ${port} needs more rights than this user has.`,
      `Set ${name} to a port above 1023.`,
    )
  }
  return fail(
    'ports',
    `${name} ${port} cannot be used on ${host} (${error.code}).`,
    `Stop what uses it (ss -ltnp shows it), or set ${name} to another port.`,
  )
}

/** Whether everything that must survive has a place to survive in. */
export async function checkData(data: string, free?: number): Promise<Finding[]> {
  const parent = existsSync(data) ? data : nearest(data)
  try {
    accessSync(parent, constants.W_OK | constants.X_OK)
  } catch {
    return [
      fail(
        'data',
        `${parent} cannot be written by this user.`,
        'Set COLONNADE_DATA to a folder of your own, or change its owner.',
      ),
    ]
  }
  const findings: Finding[] = []
  if (parent === data) {
    const { uid } = statSync(data)
    const mine = process.getuid?.()
    findings.push(
      mine === undefined || mine === uid || mine === 0
        ? ok('data', `${data} can be written; its owner is user ${uid}.`)
        : warn(
            'data',
            `${data} belongs to user ${uid}, and this is user ${mine}.`,
            'Run colonnade as the owner of its data, always the same one.',
          ),
    )
  } else {
    findings.push(ok('data', `${data} is not there yet; the first start makes it.`))
  }
  const { bavail, bsize } = await statfs(parent)
  const available = free ?? bavail * bsize
  const mend = 'Make room, or move COLONNADE_DATA to a larger disk while nothing runs.'
  const what = `${gibibytes(available)} are free on the disk of ${data}.`
  if (available < 200 * megabyte) findings.push(fail('data', what, mend))
  else if (available < 1024 * megabyte) findings.push(warn('data', what, mend))
  else findings.push(ok('data', what))
  return findings
}

function nearest(path: string): string {
  const above = dirname(path)
  return existsSync(above) || above === path ? above : nearest(above)
}

/** Whether the two secrets are there, shared where they must be, and nobody else's to read. */
export function checkSecrets(settings: Settings, data: string, shared: boolean): Finding[] {
  const given = Boolean(settings.COLONNADE_SECRET && settings.COLONNADE_API_TOKEN)
  if (given) return [ok('secrets', 'COLONNADE_SECRET and COLONNADE_API_TOKEN are set.')]
  if (shared) {
    return [
      fail(
        'secrets',
        'Services run apart, and COLONNADE_SECRET or COLONNADE_API_TOKEN is not set.',
        'Set both, the same on every host; make one with: openssl rand -base64 32',
      ),
    ]
  }
  let kept: ReturnType<typeof readSecrets>
  try {
    kept = readSecrets(data)
  } catch {
    return [
      fail(
        'secrets',
        `${join(data, 'secrets.json')} cannot be read.`,
        'Restore it from a backup, or remove it: the next start makes new ones.',
      ),
    ]
  }
  if (!kept) return [ok('secrets', 'There are none yet; the first start makes them.')]
  const file = join(data, 'secrets.json')
  const open = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0
  return [
    open
      ? warn('secrets', `${file} can be read by others.`, `Run: chmod 600 ${file}`)
      : ok('secrets', `They are kept in ${file}.`),
  ]
}
