import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export type Pgbench = { tps: number; program: string } | { skipped: string }

/** Transactions per second of a statement with one parameter, by Postgres's own tool, where it is installed. */
export async function runPgbench(options: {
  database: string
  statement: string
  range: { from: number; to: number }
  seconds: number
}): Promise<Pgbench> {
  const program = findPgbench()
  if (!program) return { skipped: 'pgbench is not on this machine' }
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-pgbench-'))
  try {
    const script = join(folder, 'statement.sql')
    const { from, to } = options.range
    writeFileSync(
      script,
      `\\set id random(${from}, ${to})\n${options.statement.replaceAll('$1', ':id')};\n`,
    )
    const args = ['--no-vacuum', '--protocol=prepared', '--client=16', '--jobs=2']
    const { stdout } = await promisify(execFile)(program, [
      ...args,
      `--time=${options.seconds}`,
      `--file=${script}`,
      options.database,
    ])
    const tps = Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
    return Number.isFinite(tps) ? { tps, program } : { skipped: 'pgbench gave no figure' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** On the path, or where Debian puts it. */
function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ]
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path))
}
