// House rules that no tool has: each reads the source as text and tells where it is broken.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

const roots = ['packages', 'services', 'proxy', 'ops', 'bench', 'e2e']
const skipped = new Set(['node_modules', 'dist', 'data', 'results', 'generated'])
const longFile = 250
const tooLongFile = 300
/** A sheet of rules is read by looking up, not from end to end. */
const tooLongSheet = 450

const isTest = (file) => /\.(test|e2e)\.tsx?$/.test(file)
const isCode = (file) => /\.(tsx?|mjs)$/.test(file)

/** SQL has its place, and measurements and tests have their own; only the question whether the database answers may be asked anywhere. */
const sqlPlaces =
  /(^|\/)queries(\.ts$|\/)|(^|\/)migrations\/|^packages\/db\/|(^|\/)testing\/|^(bench|e2e)\//
const sqlStatement =
  /\b\w*(?:sql|tx)(?:<[^`]*>)?`(?!select 1`)|[\w\])>]`(?!select 1`)\s*(?:select|insert|update|delete|create|drop|alter|copy|truncate)\s|\.unsafe\(/i

/** Physical values; physical properties are biome's to find. */
const physicalCss =
  /\b(?:text-align|float|clear|caption-side|resize)\s*:\s*(?:left|right)\b|(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)|left|right)\s*:/

const rules = [
  {
    name: 'SQL only in queries files',
    files: (file) => isCode(file) && !isTest(file) && !sqlPlaces.test(file),
    line: sqlStatement,
  },
  {
    name: 'no silenced compiler',
    files: (file) => isCode(file) && file !== 'ops/bin/rules.mjs',
    line: /\bas unknown as\b|\bas any\b|@ts-(?:ignore|nocheck)/,
  },
  {
    name: 'logical CSS only',
    files: (file) => file.endsWith('.css'),
    line: physicalCss,
  },
  {
    name: 'no inline style or script',
    files: (file) => file.endsWith('.tsx') && !isTest(file),
    line: /\sstyle=[{"]|\son[a-z]+="/,
  },
  {
    name: 'no drawers for odds and ends',
    files: (file) => /(^|\/)(utils?|common|lib|helpers?)(\/|\.[a-z]+$)/.test(file),
    line: /^/,
    once: true,
  },
]

/**
 * @param {string} root the project folder
 * @returns {{ faults: string[], warnings: string[] }} one line for each place, `file:line  rule`
 */
export function checkRules(root) {
  const faults = []
  const warnings = []
  for (const file of roots.flatMap((folder) => filesUnder(join(root, folder)))) {
    const path = relative(root, file).replaceAll('\\', '/')
    if (!isCode(path) && !path.endsWith('.css')) continue
    const lines = readFileSync(file, 'utf8').split('\n')
    const most = path.endsWith('.css') ? tooLongSheet : tooLongFile
    if (lines.length > most) faults.push(`${path}  ${lines.length} lines, ${most} at most`)
    else if (lines.length > longFile) warnings.push(`${path}  ${lines.length} lines: think again`)
    for (const rule of rules.filter((one) => one.files(path))) {
      for (const [i, line] of lines.entries()) {
        if (!isComment(line) && rule.line.test(line)) faults.push(`${path}:${i + 1}  ${rule.name}`)
        if (rule.once) break
      }
    }
  }
  return { faults: [...faults, ...checkLaunchers(root)], warnings }
}

/** Where a process of ours is started from: each has its own format, and all must mean the same. */
const launchers = [
  'ops/bin/colonnade.mjs',
  'ops/upgrade/candidate.ts',
  'ops/deploy/pm2/app.cjs',
  'ops/deploy/container/Containerfile',
  'ops/deploy/systemd/colonnade-all.service',
  'ops/deploy/systemd/colonnade-proxy.service',
  'ops/deploy/systemd/colonnade-services.service',
]

/** Memory is measured with what `npm start` gives V8; every other way to start gives the same. */
function checkLaunchers(root) {
  const flagsOf = (file) =>
    readFileSync(join(root, file), 'utf8').match(/--(?:max-(?:old|semi)-space|no-parallel)[\w=-]+/g)
  const wanted = String(flagsOf('package.json'))
  return launchers
    .filter((file) => String(flagsOf(file)) !== wanted)
    .map((file) => `${file}  the flags of package.json's start: ${wanted}`)
}

const isComment = (line) => /^\s*(\/\/(?!\s*@ts-)|\/?\*(?!.*@ts-))/.test(line)

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name) || basename(entry.name).startsWith('.')) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}
