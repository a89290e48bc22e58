import type { Sql, Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import postgres from 'postgres'
import { copyRows } from './copy.ts'
import { most } from './courses.ts'
import {
  analyse,
  copies,
  indexStage,
  insertStaged,
  makeCourseStage,
  reserveIds,
  type Table,
} from './queries.ts'
import { type Plan, rows } from './rows.ts'
import { makeWords } from './words.ts'

export type Wanted = { seed: number; courses: number; instructors: number; reviews: number }

/** Tells how far it is: `done` of `total` rows, now in `table`. */
export type OnProgress = (state: { done: number; total: number; table: string }) => void

const stagedAtOnce = 500

/**
 * Fills an installation with made-up courses, instructors and reviews by COPY: all of them, or none when it is broken
 * off. Memory stays the same however many there are.
 */
export async function seed(
  wanted: Wanted,
  urlOf: (service: string) => string,
  onProgress: OnProgress = () => {},
): Promise<Plan> {
  const sql = {
    courses: connect(urlOf('courses')),
    instructors: connect(urlOf('instructors')),
    reviews: connect(urlOf('reviews')),
  }
  try {
    const plan = await planOf(wanted, sql)
    const total = totalRows(plan)
    let done = 0
    const fill = async (tx: Transaction, table: Table) => {
      onProgress({ done, total, table })
      await copyRows(rows[table](plan), copies[table](tx), (count) => {
        done += count
        onProgress({ done, total, table })
      })
    }
    await inTransactions([sql.courses, sql.instructors, sql.reviews], async (txs) => {
      const [courses, instructors, reviews] = txs
      if (!courses || !instructors || !reviews) throw new Error('three transactions were expected')
      for (const table of ['instructor', 'organisation', 'teaching', 'offered_by'] as const) {
        await fill(instructors, table)
      }
      for (const table of ['review', 'summary'] as const) await fill(reviews, table)
      await fillCourses(courses, plan, (table) => fill(courses, table))
    })
    for (const [name, one] of Object.entries(sql)) {
      onProgress({ done: total, total, table: `statistics of ${name}` })
      await analyse(one, name as keyof typeof sql)
    }
    return plan
  } finally {
    await Promise.all(Object.values(sql).map((one) => one.end({ timeout: 5 })))
  }
}

async function fillCourses(
  tx: Transaction,
  plan: Plan,
  fill: (table: Table) => Promise<void>,
): Promise<void> {
  if (plan.courses === 0) return
  await makeCourseStage(tx)
  await fill('course')
  await indexStage(tx)
  for (let at = 0; at < plan.courses; at += stagedAtOnce) {
    await insertStaged(tx, plan.first.course + at, Math.min(stagedAtOnce, plan.courses - at))
  }
  for (const table of [
    ...(['run', 'module', 'module_revision', 'lesson', 'lesson_revision'] as const),
    ...(['item', 'item_revision'] as const),
  ]) {
    await fill(table)
  }
  await tell(tx, 'courses', { type: 'catalogue.changed', subject: 'catalogue:all' })
}

async function planOf(wanted: Wanted, sql: { courses: Sql; instructors: Sql }): Promise<Plan> {
  const { courses, instructors } = wanted
  const organisations = courses === 0 ? 0 : Math.max(1, Math.ceil(courses / 20))
  const first = {
    course: await reserveIds(sql.courses, 'courses.course', courses),
    revision: await reserveIds(sql.courses, 'courses.revision', courses),
    module: await reserveIds(sql.courses, 'courses.module', courses * most.modules),
    lesson: await reserveIds(sql.courses, 'courses.lesson', courses * most.lessons),
    item: await reserveIds(sql.courses, 'courses.item', courses * most.items),
    instructor: await reserveIds(sql.instructors, 'instructors.instructor', instructors),
    organisation: await reserveIds(sql.instructors, 'instructors.organisation', organisations),
  }
  return { ...wanted, words: makeWords(wanted.seed), organisations, first }
}

/** About how many rows there will be; courses differ in size. */
const totalRows = ({ courses, instructors, organisations, reviews }: Plan) =>
  instructors + organisations + courses * (64 + reviews)

/** One transaction in each database; they end together, as far as separate databases can. */
async function inTransactions(
  sqls: readonly Sql[],
  work: (txs: readonly Transaction[]) => Promise<void>,
  open: readonly Transaction[] = [],
): Promise<void> {
  const [next, ...rest] = sqls
  if (!next) return await work(open)
  await next.begin((tx) => inTransactions(rest, work, [...open, tx]))
}

function connect(url: string): Sql {
  return postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: {
      application_name: 'colonnade seed',
      statement_timeout: 0,
      lock_timeout: 30_000,
      idle_in_transaction_session_timeout: 0,
    },
  })
}
