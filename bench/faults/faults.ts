import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Trial } from '../../ops/testing/trial.ts'
import { Cleanup } from '../cleanup.ts'
import { describeMachine } from '../report.ts'
import { type Outcome, writeDocument } from './document.ts'
import { type Row, Skipped, type Stage, type Verdict } from './row.ts'
import { rows } from './rows.ts'

const usage = `npm run faults [-- [numbers…] [--quick] [--write]]

  numbers  only these rows of the table: ${rows.map(({ number }) => number).join(', ')}
  --quick  shorter loads where a row allows it, to see that everything works
  --write  writes what was seen to docs/faults.md
`

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.filter((one) => !rows.some(({ number }) => String(number) === one))
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.\n\n${usage}`)
  const chosen = rows.filter(
    ({ number }) => positionals.length === 0 || positionals.includes(String(number)),
  )
  if (values.write && chosen.length < rows.length) {
    throw new Error('Only a whole table is written down: leave out the numbers.')
  }
  return { chosen, ...values }
}

/** Breaks one installation after the other, and tells what was seen. */
export async function main(root: string, args: string[]): Promise<void> {
  const { chosen, quick, write, help } = readArguments(args)
  const say = (line: string) => console.log(line)
  if (help) {
    say(usage)
    return
  }
  const machine = {
    ...describeMachine(root, args),
    command: ['npm run faults', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  }
  let current = new Cleanup()
  const everything = new Cleanup()
  everything.add(() => current.run())
  everything.onSignals()
  const outcomes: Outcome[] = []
  for (const row of chosen) {
    say(`${String(row.number).padStart(2)}  ${row.fault}`)
    current = new Cleanup()
    const outcome = await runRow(row, current, quick, say)
    outcomes.push(outcome)
    for (const line of outcome.seen) say(`      ${line}`)
    say(`    ${outcome.verdict} (${outcome.seconds} s)`)
  }
  const count = (verdict: Verdict) => outcomes.filter((one) => one.verdict === verdict).length
  say(`\nfaults: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
  if (count('failed') > 0) process.exitCode = 1
  if (write) say(`Written to ${writeDocument(root, machine, outcomes)}.`)
}

async function runRow(
  row: Row,
  cleanup: Cleanup,
  quick: boolean,
  say: (line: string) => void,
): Promise<Outcome> {
  const began = performance.now()
  const trial = new Trial()
  cleanup.add(() => trial.close())
  const stage: Stage = {
    trial,
    cleanup,
    quick,
    say,
    seconds: (full) => (quick && !row.whole ? Math.max(1, full / 3) : full),
  }
  const told = (verdict: Verdict, seen: string[]): Outcome => ({
    row,
    verdict,
    seen,
    seconds: Math.round((performance.now() - began) / 1000),
  })
  try {
    const checks = await Promise.race([row.run(stage), tooLong()])
    const passed = checks.every(({ holds }) => holds)
    const seen = checks.map((check) => (check.holds ? check.seen : `**${check.seen}**`))
    return told(passed ? 'passed' : 'failed', seen)
  } catch (error) {
    if (error instanceof Skipped) return told('skipped', [error.message])
    console.error(error)
    return told('failed', [error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''])
  } finally {
    await cleanup.run()
  }
}

async function tooLong(): Promise<never> {
  await delay(240_000, undefined, { ref: false })
  throw new Error('The row did not end within four minutes.')
}
