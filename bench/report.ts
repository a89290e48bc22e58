import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { draw } from './plot.ts'
import type { Figure, ScenarioResult, Verdict } from './scenario.ts'

export type Machine = {
  time: string
  command: string
  commit: string
  /** Whether the sources were other than that commit's. */
  changed: boolean
  node: string
  system: string
  processor: string
  cores: number
  memoryGiB: number
  /** What else the machine did in the minute before; much more than 0 spoils every figure. */
  loadBefore: number
}

export type Report = {
  machine: Machine
  scenarios: { name: string; about: string; error?: string; result?: ScenarioResult }[]
}

const words: Record<Verdict, string> = {
  met: 'met',
  missed: 'MISSED',
  skipped: 'skipped',
  told: '',
}
const columns = ['figure', 'target', 'measured', 'peer'] as const

export function describeMachine(root: string, args: readonly string[]): Machine {
  const git = (...given: string[]) => {
    try {
      return execFileSync('git', given, { cwd: root, encoding: 'utf8' }).trim()
    } catch {
      return 'unknown'
    }
  }
  const [first] = cpus()
  return {
    time: new Date().toISOString(),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    commit: git('rev-parse', '--short=12', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no') !== '',
    node: process.version,
    system: `${platform()} ${release()}`,
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}

/** The table for a terminal, as wide as its contents. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ['figure', 'target', 'measured', 'peer', ''],
    ...figures.map((figure) => [...columns.map((name) => figure[name]), words[figure.verdict]]),
  ]
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length))) ?? []
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const [head = [], ...rest] = rows
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rest.map(line)].join('\n')
}

export function figuresOf(report: Report): Figure[] {
  return report.scenarios.flatMap(({ name, error, result }) =>
    error
      ? [
          {
            figure: name,
            target: '',
            measured: `failed: ${error}`,
            peer: '',
            verdict: 'missed' as const,
          },
        ]
      : (result?.figures ?? []),
  )
}

/** The table as Markdown, for a page of the documentation. */
export function markdown(report: Report): string {
  const { machine } = report
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`
  const rows = figuresOf(report).map((figure) =>
    row([...columns.map((name) => figure[name]), words[figure.verdict] || 'told']),
  )
  return [
    `\`${machine.command}\` on ${machine.time.slice(0, 10)} at commit ${machine.commit}${machine.changed ? ', changed' : ''}: ` +
      `${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}; ` +
      `the load was ${machine.loadBefore} when it began.`,
    '',
    row([...columns, 'verdict']),
    row([...columns, 'verdict'].map(() => '---')),
    ...rows,
    '',
  ].join('\n')
}

/**
 * Writes `latest.json`, `latest.md`, a plot for each scenario and `latest.html` with all of them.
 * @returns the folder
 */
export function writeReport(root: string, report: Report): string {
  const folder = join(root, 'bench/results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, null, 1)}\n`)
  writeFileSync(join(folder, 'latest.md'), markdown(report))
  const drawings = report.scenarios.flatMap(({ name, result }) =>
    (result?.plots ?? []).map((plot, i) => {
      const svg = draw(plot)
      writeFileSync(join(folder, `${name}${i === 0 ? '' : `-${i + 1}`}.svg`), svg)
      return svg
    }),
  )
  writeFileSync(join(folder, 'latest.html'), page(report, drawings))
  return folder
}

const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

function page(report: Report, drawings: readonly string[]): string {
  const cells = (values: readonly string[], tag: 'td' | 'th') =>
    `<tr>${values.map((value) => `<${tag}>${escape(value)}</${tag}>`).join('')}</tr>`
  const rows = figuresOf(report).map((figure) =>
    cells([...columns.map((name) => figure[name]), words[figure.verdict]], 'td'),
  )
  const facts = Object.entries(report.machine).map(([name, value]) => `${name}: ${value}`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Colonnade: measurements</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse}td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ddd;vertical-align:top}
svg{display:block;max-width:100%;height:auto;margin:2rem 0}</style>
<h1>Measurements</h1><p>${facts.map(escape).join('<br>')}</p>
<table>${cells([...columns, 'verdict'], 'th')}${rows.join('')}</table>
${drawings.join('')}</html>
`
}
