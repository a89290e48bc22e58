import { parseArgs } from 'node:util'
import { DatabaseError } from '../database.ts'
import { type FoundDatabase, findDatabase } from '../find-database.ts'
import { migrateServices } from '../installation.ts'
import { openDataFolder } from '../run.ts'
import { barOf } from '../seed/bar.ts'
import { discardUnfinished, seed, stagedBytes } from '../seed/seed.ts'
import { bytesFor, needSpace } from '../seed/space.ts'
import type { Wanted } from '../seed/unfinished.ts'
import { services } from '../services.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { complain, progress, say } from '../terminal.ts'

const option = { type: 'string' } as const
const numbers = { courses: option, instructors: option, reviews: option, seed: option }
const options = { ...numbers, discard: { type: 'boolean', default: false } } as const
const mostOfAKind = 100_000_000

/** Fills the installation with made-up courses and people, for load tests. */
export async function seedInstallation(args: string[]): Promise<void> {
  const { wanted, discard } = read(args)
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const names = services.map(({ name }) => name)
  const database = await findDatabase(settings, names, data)
  const interruption = endAtSignals(database)
  try {
    if (discard) {
      const found = await discardUnfinished(database.directUrlOf)
      say(found ? 'Threw the unfinished seed away.' : 'There is no unfinished seed.')
    }
    if (wanted) await fill(wanted, database)
  } catch (error) {
    if (!interruption.aborted) throw explained(error)
  } finally {
    await database.stop()
  }
}

async function fill(wanted: Wanted, database: FoundDatabase): Promise<void> {
  const { directUrlOf, folder } = database
  if (folder) await needSpace(folder, bytesFor(wanted) - (await stagedBytes(directUrlOf)))
  if (!database.inUse) await migrateServices(services, directUrlOf)
  const line = progress()
  const started = performance.now()
  const bar = barOf(started)
  const { first } = await seed(wanted, directUrlOf, {
    onProgress: (state) => line.show(bar(state, performance.now())),
  })
  line.end()
  const { courses, instructors } = wanted
  const made = [
    courses > 0 ? `${count(courses)} courses (ids from ${first.course})` : '',
    instructors > 0 ? `${count(instructors)} instructors (ids from ${first.instructor})` : '',
  ]
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(`Made up ${made.filter(Boolean).join(' and ')} in ${seconds} s, by seed ${wanted.seed}.`)
}

/** Ctrl-C ends a seed at once; what is in the database by then is whole. */
function endAtSignals(database: FoundDatabase): AbortSignal {
  const interruption = new AbortController()
  const end = async (signal: NodeJS.Signals) => {
    interruption.abort()
    complain(`\nBroken off (${signal}). The same command again goes on where this one was.`)
    await database.stop()
    process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
  return interruption.signal
}

function explained(error: unknown): unknown {
  const full = error instanceof Error && 'code' in error && error.code === '53100'
  if (!full) return error
  return new DatabaseError(
    'The disk of the database is full. Free some space and run the same command again: it goes on where this one was. Or throw away what is there: colonnade seed --discard',
  )
}

function read(args: string[]): { wanted: Wanted | undefined; discard: boolean } {
  const { discard, ...values } = parse(args)
  const number = (name: keyof typeof numbers, otherwise: number, most = mostOfAKind) => {
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
  if (wanted.courses + wanted.instructors > 0) return { wanted, discard }
  if (discard) return { wanted: undefined, discard }
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
