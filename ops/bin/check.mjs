// Format, lint, types, import direction, unused code, house rules and migrations: one line for each, and what is wrong under it.
//   npm run check              everything
//   npm run check -- --fix     formats, and mends what can be mended safely
//   npm run check -- types     only the steps named
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { installAws } from '../deploy/aws/install.mjs'
import { checkMigrations } from './migrations.mjs'
import { checkNode, install, root } from './ready.mjs'
import { checkRules } from './rules.mjs'

checkNode()
install()

const fix = process.argv.includes('--fix')
const only = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
const modules = join(root, 'node_modules')

const steps = {
  format: () =>
    node('@biomejs/biome/bin/biome', [
      'check',
      ...(fix ? ['--write'] : []),
      '--error-on-warnings',
      '--max-diagnostics=40',
    ]),
  lint: () => node('oxlint/bin/oxlint', ['--deny-warnings', ...(fix ? ['--fix'] : [])]),
  types: () => node('typescript/bin/tsc', ['--noEmit', '--pretty', 'false']),
  aws: async () => {
    const missing = installAws()
    if (missing) return { ok: true, skipped: missing, output: '' }
    return await node('typescript/bin/tsc', [
      '-p',
      'ops/deploy/aws',
      '--noEmit',
      '--pretty',
      'false',
    ])
  },
  house: async () => {
    lendTypescript()
    const folders = ['packages', 'services', 'proxy', 'ops', 'bench', 'e2e']
    const config = ['--config', '.dependency-cruiser.mjs']
    return await node('dependency-cruiser/bin/dependency-cruise.mjs', [...config, ...folders])
  },
  unused: () => node('knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
  rules: async () => {
    const { faults, warnings } = checkRules(root)
    return {
      ok: faults.length === 0,
      output: [...faults, ...warnings].join('\n'),
      notes: warnings.length,
    }
  },
  migrations: () => checkMigrations(root, (args) => node('squawk-cli/js/bin/squawk', args)),
  audit,
}

const unknown = only.filter((name) => !(name in steps))
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. There are ${Object.keys(steps).join(', ')}.`)
  process.exit(2)
}

let failed = 0
for (const [name, step] of Object.entries(steps)) {
  if (only.length > 0 && !only.includes(name)) continue
  const started = performance.now()
  const { ok, skipped, output, notes = 0 } = await step()
  if (!ok) failed += 1
  const verdict = skipped ? `skipped: ${skipped}` : ok ? 'passed' : 'failed'
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${name.padEnd(10)} ${verdict}${skipped ? '' : ` (${seconds} s)`}`)
  if (!ok || notes > 0) console.log(output.trimEnd().replace(/^/gm, '    '))
}
console.log(failed === 0 ? 'check: clean' : `check: ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** tsc 7 has no compiler API, so dependency-cruiser is shown the 6.0 line's where it looks for `typescript`. */
function lendTypescript() {
  const place = join(modules, 'dependency-cruiser/node_modules')
  if (existsSync(join(place, 'typescript'))) return
  mkdirSync(place, { recursive: true })
  const type = process.platform === 'win32' ? 'junction' : 'dir'
  symlinkSync(join(modules, '@typescript/typescript6'), join(place, 'typescript'), type)
}

/** Known faults in what we ship. A registry that does not answer proves nothing, so that is not a pass. */
async function audit() {
  const { output } = await command(
    'npm',
    ['audit', '--omit=dev', '--json', '--fetch-timeout=15000', '--fetch-retries=0'],
    { timeout: 30_000, shell: process.platform === 'win32', errors: false },
  )
  let report
  try {
    report = JSON.parse(output)
  } catch {
    report = {}
  }
  if (!report.auditReportVersion) return { ok: true, skipped: 'npm audit did not answer', output }
  const bad = Object.values(report.vulnerabilities).filter(({ severity }) =>
    ['high', 'critical'].includes(severity),
  )
  return {
    ok: bad.length === 0,
    output: bad.map(({ name, severity, range }) => `${name} ${range}: ${severity}`).join('\n'),
  }
}

function node(script, args) {
  return command(process.execPath, [join(modules, script), ...args])
}

function command(program, args, { errors = true, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      ...options,
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      output += part
    })
    child.stderr.setEncoding('utf8').on('data', (part) => {
      if (errors) output += part
    })
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (status) => resolve({ ok: status === 0, output }))
  })
}
