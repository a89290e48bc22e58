import { createHash } from 'node:crypto'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { outboxTables } from '@colonnade/events'
import { z } from 'zod'
import { root } from '../root.ts'
import { SettingsError } from '../settings.ts'
import { fillTemplate } from './fill.ts'

/** Names that mean something already: to Postgres, to JavaScript, in addresses or in the generated files. */
const taken = new Set([
  ...['proxy', 'database', 'public', 'information', 'internal', 'samples', 'imports', 'fragments'],
  ...['api', 'db', 'trust', 'assets', 'nudge', 'params', 'shown', 'entry', 'ask', 'add', 'close'],
  ...['service', 'services', 'ui', 'http', 'events', 'cache', 'format', 'testing', 'site', 'test'],
  ...['class', 'const', 'default', 'delete', 'export', 'function', 'import', 'new', 'package'],
  ...['return', 'super', 'switch', 'this', 'throw', 'typeof', 'var', 'void', 'while', 'with'],
  ...['user', 'table', 'order', 'group', 'select', 'all', 'end', 'expect', 'migrate', 'afterAll'],
])

const manifest = z.object({ dependencies: z.record(z.string(), z.string()) }).loose()

/**
 * Makes a service that works: its folder, its line in `ops/services.ts`, and its link among the packages.
 * @returns the paths of its files
 * @throws SettingsError for a name that cannot be
 */
export async function makeService(name: string, project = root): Promise<string[]> {
  if (!/^[a-z]{2,30}$/.test(name) || taken.has(name)) {
    throw new SettingsError(
      `A service cannot be called ${name}. Take one word of small letters, best a plural: notices`,
    )
  }
  const folder = join(project, 'services', name)
  const existing = readJson(join(project, 'services/reviews/package.json'), manifest).dependencies
  const pino = readJson(join(project, 'ops/package.json'), manifest).dependencies.pino
  const files = await fillTemplate('service', folder, {
    name,
    Name: name.charAt(0).toUpperCase() + name.slice(1),
    outboxTables: outboxTables.trim(),
    react: existing.react ?? '*',
    zod: existing.zod ?? '*',
    pino: pino ?? '*',
  })
  addLine(join(project, 'ops/services.ts'), name)
  addDependency(join(project, 'ops/package.json'), name)
  await linkPackage(project, name)
  return files
}

/** The line that makes a service part of the installation, and its import. */
function addLine(file: string, name: string): void {
  const text = readFileSync(file, 'utf8')
  const imports = [...text.matchAll(/^import .* from '@colonnade\/(\w+)\/service'$/gm)]
  const after = imports.filter(([, other = '']) => other < name).at(-1) ?? imports[0]
  const list = /^(export const services: readonly ServiceDefinition\[\] = )\[([^\]]*)\]/m
  const known = list.exec(text)?.[2]?.match(/\w+/g)
  if (!after || !known) {
    throw new SettingsError(`Add ${name} to the list in ${file} yourself: it has another shape.`)
  }
  const placed = text.replace(
    after[0],
    `${after[0]}\nimport { ${name} } from '@colonnade/${name}/service'`,
  )
  writeFileSync(
    file,
    placed.replace(list, (_, start: string) => start + written([...known, name], start.length)),
  )
}

/** A list as the formatter has it: on one line while that is not longer than 100 characters. */
function written(names: readonly string[], before: number): string {
  const line = `[${names.join(', ')}]`
  return before + line.length <= 100 ? line : `[\n${names.map((name) => `  ${name},\n`).join('')}]`
}

function addDependency(file: string, name: string): void {
  const text = readFileSync(file, 'utf8')
  const line = `    "@colonnade/${name}": "*",\n`
  writeFileSync(file, text.replace(/("dependencies": \{\n)/, `$1${line}`))
}

const anything = z.record(z.string(), z.unknown())

/** What `npm install` would do for a package of our own, without asking any registry. */
async function linkPackage(project: string, name: string): Promise<void> {
  const link = join(project, 'node_modules/@colonnade', name)
  await mkdir(dirname(link), { recursive: true })
  // A junction, where there are no symbolic links for everybody, has to name the whole path.
  const windows = process.platform === 'win32'
  const target = windows ? join(project, 'services', name) : join('../../services', name)
  if (!existsSync(link)) symlinkSync(target, link, windows ? 'junction' : 'dir')
  const file = join(project, 'package-lock.json')
  const lock = readJson(file, anything)
  const packages = record(lock.packages)
  const own = readJson(join(project, 'services', name, 'package.json'), anything)
  const { private: _, type: __, exports: ___, ...entry } = own
  const ops = record(packages.ops)
  const uses = sorted({ ...record(ops.dependencies), [`@colonnade/${name}`]: '*' })
  const all = {
    ...packages,
    ops: { ...ops, dependencies: uses },
    [`node_modules/@colonnade/${name}`]: { resolved: `services/${name}`, link: true },
    [`services/${name}`]: entry,
  }
  lock.packages = Object.fromEntries(
    Object.entries(all).sort(([one], [other]) => one.localeCompare(other, 'en')),
  )
  const text = `${JSON.stringify(lock, null, 2)}\n`
  writeFileSync(file, text)
  // The lock file is another, but what it names is installed.
  const stamp = join(project, 'node_modules/.colonnade-installed')
  if (existsSync(stamp)) writeFileSync(stamp, createHash('sha256').update(text).digest('hex'))
}

const record = (value: unknown) => anything.catch({}).parse(value)
const sorted = (value: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
}
