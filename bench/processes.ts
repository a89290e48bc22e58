import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** `/proc/<pid>/stat` is: pid (name) state parent …, times in hundredths of a second. */
function stat(pid: number): { name: string; fields: string[] } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = text.lastIndexOf(')')
    return { name: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') }
  } catch {
    return undefined
  }
}

/** Microseconds of processor time so far; NaN where the system does not tell (Linux does, in hundredths of a second). */
export function processorTime(pid: number): number {
  const { fields = [] } = stat(pid) ?? {}
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** All that a process started and still has: `server` without Postgres, `postgres` without the server. */
export function descendants(parent: number, kind: 'server' | 'postgres'): number[] {
  if (!existsSync('/proc')) return []
  const everyone = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const known = stat(Number(name))
      const isPostgres = known?.name.startsWith('postgres') ?? false
      return known ? [{ pid: Number(name), parent: Number(known.fields[1]), isPostgres }] : []
    })
  const below = (pid: number): typeof everyone =>
    everyone.filter((one) => one.parent === pid).flatMap((child) => [child, ...below(child.pid)])
  return below(parent)
    .filter(({ isPostgres }) => isPostgres === (kind === 'postgres'))
    .map(({ pid }) => pid)
}

/** Microseconds of processor time that the server and its helpers or workers took so far, without Postgres. */
export const serverTime = (pid: number) =>
  [pid, ...descendants(pid, 'server')].reduce((sum, one) => sum + processorTime(one), 0)

/** The same of the database, which the server started. */
export const postgresTime = (pid: number) =>
  descendants(pid, 'postgres').reduce((sum, one) => sum + processorTime(one), 0)
