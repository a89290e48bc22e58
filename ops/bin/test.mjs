// Runs the tests, from a fresh clone on, with nothing but Node.
//   npm test              everything that is quick, browser tests included
//   npm run test:slow     the long ones
//   npm run e2e           browser tests only, against BASE_URL or an installation of their own
//   npm test -- packages  only the files whose paths hold the words given
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, checkNode, install, root } from './ready.mjs'

const known = ['--slow', '--e2e']
const wrong = process.argv.slice(2).filter((arg) => arg.startsWith('-') && !known.includes(arg))
if (wrong.length > 0) {
  console.error(`No such option: ${wrong.join(' ')}. There are ${known.join(' and ')}.`)
  process.exit(2)
}
const slow = process.argv.includes('--slow')
const browserOnly = process.argv.includes('--e2e')
const words = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))

checkNode()
install()
build()

const total = { passed: 0, failed: 0, skipped: 0 }
if (!browserOnly) vitest('vitest.config.ts')
vitest('e2e/vitest.config.ts')
console.log(`colonnade: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

function vitest(config) {
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-report-'))
  const report = join(folder, 'report.json')
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--config', config],
      ...['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report],
      '--passWithNoTests',
      ...words,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(slow ? { COLONNADE_TESTS: 'slow' } : {}) },
    },
  )
  add(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, status)
  rmSync(folder, { recursive: true, force: true })
}

/** A file that could not be loaded, and a run that ended badly with no test to blame, are failures too. */
function add(report, status) {
  const files = report?.testResults ?? []
  const unloaded = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  const failed = (report?.numFailedTests ?? 0) + unloaded
  total.passed += report?.numPassedTests ?? 0
  total.failed += failed === 0 && status !== 0 ? 1 : failed
  total.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
}
