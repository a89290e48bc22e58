import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { descendants } from '../processes.ts'
import { type Bench, judged, type Scenario, skipped } from '../scenario.ts'

const target = 200

/** What the server holds after all that went before: everything but Postgres. */
export const memory: Scenario = {
  name: 'memory',
  about: 'resident memory of everything but Postgres, after the runs before it',
  async run(bench: Bench) {
    const { pid } = await bench.installation()
    if (process.platform === 'win32') {
      return {
        figures: [skipped('Resident memory', 'not measured on Windows')],
        plots: [],
        details: {},
      }
    }
    const pids = [pid, ...descendants(pid, 'server')]
    const each = pids.map((one) => ({ pid: one, mebibytes: residentOf(one) }))
    const sum = each.reduce((total, { mebibytes }) => total + mebibytes, 0)
    const peak = peakOf(pid)
    const measured = `${sum.toFixed(0)} MiB${peak ? ` (at most ${peak.toFixed(0)} before)` : ''}`
    return {
      figures: [
        judged(
          sum < target,
          'Resident memory of all but Postgres, after the runs',
          `< ${target} MiB`,
          measured,
        ),
      ],
      plots: [],
      details: { each, peak },
    }
  },
}

function status(pid: number, field: string): number | undefined {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return undefined
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1]
  return kibibytes ? Number(kibibytes) / 1024 : undefined
}

const peakOf = (pid: number) => status(pid, 'VmHWM')

function residentOf(pid: number): number {
  const read = status(pid, 'VmRSS')
  if (read !== undefined) return read
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}
