import type { Sql, Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import { SettingsError } from '../settings.ts'
import { connect } from './connect.ts'
import { copyRows } from './copy.ts'
import { most } from './courses.ts'
import { type OnProgress, Progress } from './progress.ts'
import {
  analyse,
  copies,
  findLastTaught,
  indexStage,
  insertStaged,
  isFilled,
  makeCourseStage,
  reserveIds,
  type Table,
} from './queries/copies.ts'
import {
  countInstructors,
  countStagedBytes,
  dropStage,
  findNewestMigration,
  holdSeedLock,
  makeStage,
  stagedTables,
} from './queries/staging.ts'
import { copyLive } from './queries/swap.ts'
import { type Plan, rows } from './rows.ts'
import {
  buildStage,
  buildWork,
  loadStage,
  peopleWork,
  sendPeople,
  swapIn,
  usualChunk,
  usualConnections,
} from './staged.ts'
import { type Note, takeUp, type Wanted } from './unfinished.ts'
import { makeWords } from './words.ts'

export type SeedOptions = {
  onProgress?: OnProgress
  /** So many instructors, or more, are loaded into tables of their own first. */
  stageFrom?: number
  chunk?: number
  connections?: number
}

/** Fewer go into the live tables' indexes in about the time that making new ones takes. */
const usualStageFrom = 100_000
/** More than so many who are there already would keep readers waiting for seconds while the tables change places. */
const mostCopied = 300_000
const coursesAtOnce = 500

type Connections = { courses: Sql; instructors: Sql; reviews: Sql }

/**
 * Fills an installation with made-up courses, instructors and reviews by COPY: all of them, or none. Memory stays the
 * same however many there are. Many instructors are loaded and indexed beside the live tables and then take their
 * place; a seed of that kind that was broken off goes on where it was when it is asked for again.
 * @throws SettingsError when another seed runs, or an unfinished one was asked for otherwise
 */
export async function seed(
  wanted: Wanted,
  urlOf: (service: string) => string,
  options: SeedOptions = {},
): Promise<Plan> {
  const sql = open(urlOf)
  const several = Array.from({ length: options.connections ?? usualConnections }, () =>
    connect(urlOf('instructors')),
  )
  try {
    await holdLock(sql.instructors)
    const begun = await takeUp(sql.instructors, wanted)
    const staged = begun !== undefined || (await isLarge(sql.instructors, wanted, options))
    const note = begun ?? (await makeNote(wanted, sql))
    const plan = { ...wanted, ...note, words: makeWords(wanted.seed), taught: taughtBy(wanted) }
    const work = staged ? buildWork(plan) : 0
    const rest = plan.organisations + plan.courses * (64 + plan.reviews)
    const progress = new Progress(peopleWork(plan) + work + rest, options.onProgress ?? (() => {}))
    if (staged && !begun) await sql.instructors.begin(async (tx) => await makeStage(tx, note))
    const range = {
      first: note.first.instructor,
      last: note.first.instructor + plan.instructors - 1,
    }
    let moment: string | undefined
    if (staged) {
      await loadStage(several, plan, options.chunk ?? usualChunk, progress)
      moment = await copyLive(sql.instructors, range)
      await buildStage(several, plan, progress)
    }
    // The transaction that ends the seed is the last to commit: what the others did before is seen by the next try.
    await inTransactions([sql.instructors, sql.reviews, sql.courses], async (txs) => {
      const [instructors, reviews, courses] = txs
      if (!courses || !instructors || !reviews) throw new Error('three transactions were expected')
      await fillRest({ instructors, reviews, courses }, plan, progress)
      if (moment) await swapIn(instructors, range, moment)
      else await fillLive(instructors, plan, progress)
    })
    for (const name of ['courses', 'instructors', 'reviews'] as const) {
      progress.begin(`statistics of ${name}`)
      await analyse(sql[name], name)
    }
    return plan
  } finally {
    await Promise.all([...Object.values(sql), ...several].map((one) => one.end({ timeout: 1 })))
  }
}

/** Throws an unfinished seed away. @returns whether there was one */
export async function discardUnfinished(urlOf: (service: string) => string): Promise<boolean> {
  const sql = connect(urlOf('instructors'))
  try {
    await holdLock(sql)
    return await dropStage(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Bytes that an unfinished seed has filled already. */
export async function stagedBytes(urlOf: (service: string) => string): Promise<number> {
  const sql = connect(urlOf('instructors'))
  try {
    return await countStagedBytes(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function holdLock(sql: Sql): Promise<void> {
  // Postgres takes a moment to see that a killed seed is gone.
  for (const until = performance.now() + 5000; !(await holdSeedLock(sql)); ) {
    if (performance.now() > until) {
      throw new SettingsError('Another colonnade seed is at work here: wait until it is done.')
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Many, beside few enough: those who are there are copied, and nobody is answered while that is brought up to date. */
async function isLarge(sql: Sql, { instructors }: Wanted, options: SeedOptions): Promise<boolean> {
  if (instructors < (options.stageFrom ?? usualStageFrom)) return false
  const most = Math.min(instructors, mostCopied)
  return (await countInstructors(sql, most + 1)) <= most
}

async function fillLive(
  tx: Transaction,
  plan: Plan & { taught: number },
  progress: Progress,
): Promise<void> {
  const counts = { instructor: plan.instructors, teaching: plan.taught }
  for (const table of stagedTables) {
    progress.begin(table)
    // In parts, since Postgres remembers every reference that a statement has to check until its end.
    for (let from = 0; from < counts[table]; from += usualChunk) {
      const to = Math.min(counts[table], from + usualChunk)
      await sendPeople(tx, plan, { table, from, to, schema: 'instructors' }, progress)
    }
  }
}

async function fillRest(
  txs: { instructors: Transaction; reviews: Transaction; courses: Transaction },
  plan: Plan,
  progress: Progress,
): Promise<void> {
  const { instructors, reviews, courses } = txs
  if (plan.courses === 0) return
  const fill = async (tx: Transaction, table: Table) => {
    progress.begin(table)
    await copyRows(rows[table](plan), copies[table](tx), (count) => progress.sent(count))
  }
  for (const table of ['organisation', 'offered_by'] as const) await fill(instructors, table)
  if (!(await isFilled(reviews, 'reviews.summary', plan.first.course))) {
    for (const table of ['review', 'summary'] as const) await fill(reviews, table)
  }
  if (await isFilled(courses, 'courses.course', plan.first.course)) return
  await makeCourseStage(courses)
  await fill(courses, 'course')
  await indexStage(courses)
  for (let at = 0; at < plan.courses; at += coursesAtOnce) {
    const count = Math.min(coursesAtOnce, plan.courses - at)
    await insertStaged(courses, plan.first.course + at, count)
  }
  for (const table of [
    ...(['run', 'module', 'module_revision', 'lesson', 'lesson_revision'] as const),
    ...(['item', 'item_revision'] as const),
  ]) {
    await fill(courses, table)
  }
  await tell(courses, 'courses', { type: 'catalogue.changed', subject: 'catalogue:all' })
}

/** Everybody is the primary one of a course, whether or not the catalogue has it. */
const taughtBy = ({ courses, instructors }: Wanted) =>
  instructors === 0 ? 0 : Math.max(courses, instructors)

async function makeNote(wanted: Wanted, sql: Connections): Promise<Note> {
  const { courses, instructors } = wanted
  const organisations = courses === 0 ? 0 : Math.max(1, Math.ceil(courses / 20))
  const lastTaught = await findLastTaught(sql.instructors)
  // No course that comes later finds teachers waiting under its id.
  const ids = Math.max(courses, taughtBy(wanted))
  const first = {
    course: await reserveIds(sql.courses, 'courses.course', ids, lastTaught),
    revision: await reserveIds(sql.courses, 'courses.revision', courses),
    module: await reserveIds(sql.courses, 'courses.module', courses * most.modules),
    lesson: await reserveIds(sql.courses, 'courses.lesson', courses * most.lessons),
    item: await reserveIds(sql.courses, 'courses.item', courses * most.items),
    instructor: await reserveIds(sql.instructors, 'instructors.instructor', instructors),
    organisation: await reserveIds(sql.instructors, 'instructors.organisation', organisations),
  }
  return { wanted, migration: await findNewestMigration(sql.instructors), organisations, first }
}

/** One transaction in each database; they end together, as far as separate databases can, the first one last. */
async function inTransactions(
  sqls: readonly Sql[],
  work: (txs: readonly Transaction[]) => Promise<void>,
  open: readonly Transaction[] = [],
): Promise<void> {
  const [next, ...rest] = sqls
  if (!next) return await work(open)
  await next.begin((tx) => inTransactions(rest, work, [...open, tx]))
}

const open = (urlOf: (service: string) => string): Connections => ({
  courses: connect(urlOf('courses')),
  instructors: connect(urlOf('instructors')),
  reviews: connect(urlOf('reviews')),
})
