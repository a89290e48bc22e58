import { availableParallelism, totalmem } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sql, Transaction } from '@colonnade/db'
import { SettingsError } from '../settings.ts'
import { copyChunks } from './copy.ts'
import { instructorText, type PeoplePlan, type Text, teachingText } from './people-text.ts'
import type { Progress } from './progress.ts'
import {
  listMissingConstraints,
  listMissingIndexes,
  takeStep,
  vacuumStaged,
  widenMemory,
} from './queries/build.ts'
import { peopleCopies } from './queries/copies.ts'
import { listChunks, noteChunk, type StagedTable, stage, stagedTables } from './queries/staging.ts'
import { copyChanges, lockLive, type Range, swapTables } from './queries/swap.ts'

/** Instructors, or courses with who teaches them, that are loaded and noted in one transaction. */
export const usualChunk = 100_000

const texts: Record<StagedTable, (plan: PeoplePlan, from: number, to: number) => Text> = {
  instructor: instructorText,
  teaching: teachingText,
}

/** What a row of a table is to the work as a whole, and all that comes after the load to a row's; measured. */
const weights = { instructor: 1, teaching: 0.15, after: 1.6 }
const teachersEach = 3.5

/** How many connections load at the same time: one a core, at least two, since each waits for the other's disk. */
export const usualConnections = Math.min(8, Math.max(2, availableParallelism()))

type PeopleCount = { instructors: number; taught: number }

/** The work of making so many people, in rows. */
export const peopleWork = ({ instructors, taught }: PeopleCount) =>
  instructors * weights.instructor + taught * teachersEach * weights.teaching

/** The work that a staged load has beside that. */
export const buildWork = (count: PeopleCount) => peopleWork(count) * weights.after

/** Sends a range of people, or of what they teach, to the tables of a schema. */
export async function sendPeople(
  tx: Transaction,
  plan: PeoplePlan,
  part: { table: StagedTable; from: number; to: number; schema: string },
  progress: Progress,
): Promise<void> {
  const { table, from, to, schema } = part
  await copyChunks(texts[table](plan, from, to), peopleCopies[table](tx, schema), (rows) =>
    progress.sent(rows, weights[table]),
  )
}

/** Loads what is not loaded yet, in parts that are each there whole or not at all. */
export async function loadStage(
  connections: readonly Sql[],
  plan: PeoplePlan & { taught: number },
  chunk: number,
  progress: Progress,
): Promise<void> {
  const [first] = connections
  if (!first) return
  const counts = { instructor: plan.instructors, teaching: plan.taught }
  for (const table of stagedTables) {
    progress.begin(table)
    const done = await listChunks(first, table)
    const numbers = Array.from({ length: Math.ceil(counts[table] / chunk) }, (_, number) => number)
    const rangeOf = (number: number) => ({
      from: number * chunk,
      to: Math.min(counts[table], (number + 1) * chunk),
    })
    const perIndex = weights[table] * (table === 'teaching' ? teachersEach : 1)
    for (const { from, to } of [...done].map(rangeOf)) progress.add((to - from) * perIndex)
    await shareOut(
      connections,
      numbers.filter((number) => !done.has(number)),
      async (sql, number) =>
        await sql.begin(async (tx) => {
          const part = { table, ...rangeOf(number), schema: stage }
          await sendPeople(tx, plan, part, progress)
          await noteChunk(tx, table, number)
        }),
    )
  }
}

/** Makes the loaded tables what the live ones are: indexes, keys, references, statistics. */
export async function buildStage(
  connections: readonly Sql[],
  count: PeopleCount,
  progress: Progress,
): Promise<void> {
  const [first] = connections
  if (!first) return
  const work = buildWork(count)
  const kibibytes = Math.min(512, Math.max(64, totalmem() / 2 ** 25)) * 1024
  const workers = Math.floor(availableParallelism() / 2)
  for (const sql of connections) await widenMemory(sql, Math.floor(kibibytes), workers)
  progress.begin('vacuum')
  await shareOut(connections, stagedTables, vacuumStaged)
  progress.add(work * 0.1)
  const indexes = await listMissingIndexes(first)
  await shareOut(connections, indexes, async (sql, step) => {
    progress.begin(`index ${step.name}`)
    await takeStep(sql, step)
    progress.add((work * 0.55) / indexes.length)
  })
  for (const step of await listMissingConstraints(first)) {
    progress.begin(`constraint ${step.name}`)
    await takeStep(first, step)
  }
  progress.add(work * 0.35)
}

/** Puts the staged tables in the place of the live ones; others wait only while what changed meanwhile is copied. */
export async function swapIn(tx: Transaction, range: Range, moment: string): Promise<void> {
  for (let tries = 1; !(await lockLive(tx)); tries++) {
    if (tries === 300) {
      throw new SettingsError(
        'Somebody holds the instructors’ tables without end. All is loaded: run the same command again when they are free.',
      )
    }
    await delay(50 + Math.random() * 200)
  }
  await copyChanges(tx, range, moment)
  await swapTables(tx)
}

/** Gives each connection the next task when it is done with the one before. */
async function shareOut<Task>(
  connections: readonly Sql[],
  tasks: readonly Task[],
  work: (sql: Sql, task: Task) => Promise<void>,
): Promise<void> {
  const queue = tasks.values()
  await Promise.all(
    connections.map(async (sql) => {
      for (const task of queue) await work(sql, task)
    }),
  )
}
