import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import type { SettingRow } from '../doctor/table.ts'
import { services } from '../services.ts'
import { say } from '../terminal.ts'

/** Looks at everything, says how to mend what is wrong, and ends with 1 when something must be mended. */
export async function doctor(args: string[]): Promise<void> {
  const { findings, settings } = await examine(process.env, process.cwd(), services)
  const failed = findings.some(({ level }) => level === 'fail')
  if (args.includes('--json')) {
    say(JSON.stringify({ ok: !failed, findings, settings }, null, 2))
  } else {
    for (const finding of findings) printFinding(finding)
    if (settings.length > 0) printSettings(settings)
    const count = (level: string) => findings.filter((one) => one.level === level).length
    say(`\n${count('ok')} well, ${count('warn')} to look at, ${count('fail')} to mend.`)
  }
  if (failed) process.exitCode = 1
}

function printFinding({ level, about, what, mend }: Finding): void {
  say(`${level.padEnd(5)} ${about.padEnd(10)} ${what}`)
  if (mend) say(`${''.padEnd(17)}→ ${mend}`)
}

function printSettings(rows: readonly SettingRow[]): void {
  const name = Math.max(...rows.map((row) => row.name.length))
  const origin = Math.max(...rows.map((row) => row.origin.length))
  say(`\n${'setting'.padEnd(name)}  ${'from'.padEnd(origin)}  value`)
  for (const row of rows) {
    say(`${row.name.padEnd(name)}  ${row.origin.padEnd(origin)}  ${row.value || '(not set)'}`)
  }
}
