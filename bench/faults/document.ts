import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../report.ts'
import type { Row, Verdict } from './row.ts'

/** What came of a row. */
export type Outcome = { row: Row; verdict: Verdict; seen: string[]; seconds: number }

const head = `# Faults

What Colonnade does when something breaks, as seen, not as hoped. \`npm run faults\` starts installations of its own,
lets people come at a constant rate (nine of ten read the course page, one adds an instructor under an idempotency
key), breaks one thing, mends it, and audits the database: every acknowledged write must be there once, with the answer
that was given, and none twice. A write that was not acknowledged is sent again under its key and must then be there
exactly once. Meanwhile everything on the page stops being fresh twice a second, so that every service is needed.

A row has **passed** when all that it promises was seen. What was seen and should not have been stands in bold. A row
that this machine does not allow is **skipped**, and says why. \`npm run faults -- 5 15\` runs single rows, and
\`--write\` renews this page. What the rows need beyond Node comes from Debian: \`sudo ops/debian.sh\`. Rows 10 to
14 and 24 break the ways between hosts of their own (network namespaces, root only): a client, a proxy, the services and
their database.
`

/** Writes docs/faults.md. @returns its place */
export function writeDocument(
  root: string,
  machine: Machine,
  outcomes: readonly Outcome[],
): string {
  const lines = outcomes.map(({ row, verdict, seen }) =>
    [row.number, row.fault, row.made, row.passes, seen.join('; '), verdict]
      .map((cell) => String(cell).replaceAll('|', '\\|'))
      .join(' | '),
  )
  const facts = [
    `Seen on ${machine.time.slice(0, 10)} at commit ${machine.commit}${machine.changed ? ' with changes' : ''}`,
    `with \`${machine.command}\` on ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB,`,
    `${machine.system}, Node ${machine.node}; load before: ${machine.loadBefore}.`,
  ]
  const text = `${head}
${facts.join('\n')}

| # | fault | how it is made | passes when | seen | |
| --- | --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line} |`).join('\n')}
`
  const file = join(root, 'docs/faults.md')
  writeFileSync(file, text)
  return file
}
