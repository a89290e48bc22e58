import { parseArgs } from 'node:util'
import { findDatabase } from '../find-database.ts'
import { migrateServices } from '../installation.ts'
import { openDataFolder } from '../run.ts'
import { type OnProgress, seed, type Wanted } from '../seed/seed.ts'
import { needSpace } from '../seed/space.ts'
import { services } from '../services.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { progress, say } from '../terminal.ts'

const option = { type: 'string' } as const
const options = { courses: option, instructors: option, reviews: option, seed: option }
const mostOfAKind = 100_000_000

/** Fills the installation with made-up courses and people, for load tests. */
export async function seedInstallation(args: string[]): Promise<void> {
  const wanted = read(args)
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const names = services.map(({ name }) => name)
  const database = await findDatabase(settings, names, data)
  try {
    if (database.folder) await needSpace(database.folder, wanted)
    if (!database.inUse) await migrateServices(services, database.directUrlOf)
    const line = progress()
    const started = Date.now()
    const { first } = await seed(wanted, database.directUrlOf, show(line, started))
    line.end()
    const { courses, instructors } = wanted
    const made = [
      courses > 0 ? `${count(courses)} courses (ids from ${first.course})` : '',
      instructors > 0 ? `${count(instructors)} instructors (ids from ${first.instructor})` : '',
    ]
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    say(`Made up ${made.filter(Boolean).join(' and ')} in ${seconds} s, by seed ${wanted.seed}.`)
  } finally {
    await database.stop()
  }
}

function read(args: string[]): Wanted {
  const values = parse(args)
  const number = (name: keyof typeof options, otherwise: number, most = mostOfAKind) => {
    const text = values[name]
    if (text === undefined) return otherwise
    const value = Number(text.replaceAll('_', ''))
    if (Number.isInteger(value) && value >= 0 && value <= most) return value
    throw new SettingsError(`--${name} is a whole number from 0 to ${count(most)}, not ${text}.`)
  }
  const wanted = {
    courses: number('courses', 0),
    instructors: number('instructors', 0),
    reviews: number('reviews', 3, 1000),
    seed: number('seed', 1, 2 ** 31 - 1),
  }
  if (wanted.courses + wanted.instructors > 0) return wanted
  throw new SettingsError(
    'Say how many to make up: colonnade seed --courses 1000 --instructors 5000 [--reviews 3] [--seed 1]',
  )
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}

const count = (value: number) => value.toLocaleString('en')

/** A bar, the rate and the time left. */
function show(line: ReturnType<typeof progress>, started: number): OnProgress {
  return ({ done, total, table }) => {
    const share = Math.min(1, done / Math.max(1, total))
    const seconds = (Date.now() - started) / 1000
    const rate = done / Math.max(0.001, seconds)
    const left = Math.max(0, Math.ceil((total - done) / Math.max(1, rate)))
    const full = Math.round(share * 24)
    const bar = '█'.repeat(full) + '░'.repeat(24 - full)
    const percent = String(Math.floor(share * 100)).padStart(3)
    line.show(
      `${bar} ${percent} %  ${count(done)} rows, ${count(Math.round(rate))}/s, ${left} s left (${table})`,
    )
  }
}
