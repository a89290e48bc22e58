import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export type Pgbench = { tps: number; program: string } | { skipped: string }

/** The script of a statement with one parameter, a number of the range. */
export const statementScript = (statement: string, { from, to }: { from: number; to: number }) =>
  `\\set id random(${from}, ${to})\n${statement.replaceAll('$1', ':id')};\n`

/** Transactions per second of a script, by Postgres's own tool, where it is installed. */
export async function runPgbench(options: {
  database: string
  script: string
  clients: number
  seconds: number
}): Promise<Pgbench> {
  const program = findPgbench()
  if (!program) return { skipped: 'pgbench is not on this machine' }
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-pgbench-'))
  try {
    const file = join(folder, 'script.sql')
    writeFileSync(file, options.script)
    const args = ['--no-vacuum', '--protocol=prepared', `--client=${options.clients}`, '--jobs=2']
    const { stdout } = await promisify(execFile)(program, [
      ...args,
      `--time=${options.seconds}`,
      `--file=${file}`,
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
