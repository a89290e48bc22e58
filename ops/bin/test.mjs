// Runs the tests, from a fresh clone on, with nothing but Node.
//   npm test              everything that is quick, browser tests included
//   npm run test:slow     the long ones
//   npm run e2e           browser tests only, against BASE_URL or an installation of their own
//   npm test -- packages  only the files whose paths hold the words given
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
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
const failures = []
const unsteady = []
if (!browserOnly) run('vitest.config.ts')
run('e2e/vitest.config.ts')
list('failed', failures)
list('failed once and passed when run again, alone: mend them', unsteady)
console.log(`colonnade: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

/**
 * Files with a failure run once more, when nothing else does: a machine that is busy with something else must not refuse
 * a change. What fails twice has failed, and so has everything when more than a few files do.
 */
function run(config) {
  const first = vitest(config, words)
  total.passed += first.passed
  total.skipped += first.skipped
  const files = [...new Set(first.failed.map(({ file }) => file))]
  const again =
    files.length > 0 && files.length <= 5 && !first.failed.some(({ file }) => file === '')
      ? vitest(config, files, ['--no-file-parallelism'])
      : first
  for (const { file, name } of first.failed) {
    const twice = again.failed.some(
      (one) => one.file === file && (one.name === name || one.name === '' || name === ''),
    )
    if (!twice) total.passed++
    ;(twice ? failures : unsteady).push(`${relative(root, file)} ${name}`)
  }
  total.failed = failures.length
}

/** Runs the files whose paths hold one of `filters`. @returns what came of it; a failure without a test has no name */
function vitest(config, filters, options = []) {
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
      ...options,
      ...filters,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(slow ? { COLONNADE_TESTS: 'slow' } : {}) },
    },
  )
  const result = read(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}, status)
  rmSync(folder, { recursive: true, force: true })
  return result
}

/** A file that could not be loaded, and a run that ended badly with no test to blame, are failures too. */
function read({ testResults = [], numPassedTests = 0, ...report }, status) {
  const failed = testResults
    .filter((file) => file.status === 'failed')
    .flatMap(({ name: file, assertionResults }) => {
      const tests = assertionResults.filter((test) => test.status === 'failed')
      return tests.length > 0
        ? tests.map(({ fullName }) => ({ file, name: fullName }))
        : [{ file, name: '' }]
    })
  return {
    passed: numPassedTests,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
    failed: failed.length === 0 && status !== 0 ? [{ file: '', name: 'the run' }] : failed,
  }
}

function list(what, tests) {
  if (tests.length === 0) return
  console.log(`colonnade: ${what}:`)
  for (const test of tests) console.log(`  ${test}`)
}
