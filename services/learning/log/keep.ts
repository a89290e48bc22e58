import type { Sql } from '@colonnade/db'
import { endAttempts } from '../grading/end.ts'
import { settle } from '../grading/settle.ts'
import type { Plans } from '../plan.ts'
import type { Attempt } from '../queries/attempts.ts'
import { lockEnrolments } from '../queries/enrolments.ts'
import {
  addAwaited,
  addEntries,
  addHeads,
  type LogRow,
  removeAwaited,
  removeHeads,
} from '../queries/log.ts'
import { addProgress } from '../queries/progress.ts'
import type { EntryResult } from './entry.ts'
import { endAttempt, isOver, judge, type Standing } from './judge.ts'
import { progressOf } from './progress.ts'
import type { Read } from './read.ts'
import { differences, readStandings, type Share } from './standing.ts'

/** One request: whose log, what to add, how far the device's clock is behind, and when it came. */
export type Given = {
  enrolment: string
  person: string
  entries: readonly Read[]
  behindMs: number
  /** Of `performance.now()`: how long a request waited for its turn is not held against it. */
  came: number
}

/**
 * An answer for each entry, in their order, the server's clock in milliseconds since 1970, and whether somebody's grade was
 * made anew, of which events may tell.
 */
export type Kept = { results: EntryResult[]; now: number; graded: boolean }

type Ending = { attempt: Attempt; by: 'submit' | 'time'; at: number }

/**
 * Writes many requests' entries in one transaction: each is durable when this resolves.
 * @returns null for a request whose enrolment is not this person's
 */
export async function keepEntries(
  sql: Sql,
  plans: Plans,
  batch: readonly Given[],
): Promise<(Kept | null)[]> {
  return await sql.begin(async (tx) => {
    const ids = [...new Set(batch.map(({ enrolment }) => enrolment))]
    const locked = new Map((await lockEnrolments(tx, ids)).map((row) => [row.id, row]))
    const mine = batch.flatMap((given) => {
      const enrolment = locked.get(given.enrolment)
      return enrolment && enrolment.person === given.person ? [{ given, enrolment }] : []
    })
    const shares: Share[] = mine.map(({ given, enrolment }) => ({
      enrolment,
      now: enrolment.now - (performance.now() - given.came),
      entries: given.entries,
    }))
    const { standings, attempts } = await readStandings(tx, plans, shares)
    const before = new Map([...standings].map(([id, standing]) => [id, idsOf(standing)]))
    const rows: LogRow[] = []
    const endings: Ending[] = []
    const answers = new Map<Given, EntryResult[]>()
    for (const [place, { given }] of mine.entries()) {
      const share = shares[place]
      const standing = standings.get(given.enrolment)
      if (!share || !standing) throw new Error('an enrolment has no standing')
      // Each request has its own time: of two that wait together, one may have come before an attempt's end.
      const own: Standing = Object.assign(standing, { now: share.now })
      answers.set(given, judgeAll(own, given, { rows, endings, attempts }))
    }
    if (rows.length > 0) await addEntries(tx, rows)
    await writeChanges(tx, before, standings)
    const steps = progressOf(rows)
    if (steps.length > 0) await addProgress(tx, steps)
    await endAttempts(tx, plans, endings)
    const touched = new Set(endings.map(({ attempt }) => attempt.enrolmentId))
    for (const { enrolment, doneAt } of steps) if (doneAt !== null) touched.add(enrolment)
    if (touched.size > 0) await settle(tx, plans, [...touched])
    return batch.map((given) => {
      const results = answers.get(given)
      const now = locked.get(given.enrolment)?.now
      return results && now !== undefined ? { results, now, graded: touched.size > 0 } : null
    })
  })
}

function judgeAll(
  standing: Standing,
  { entries, enrolment, behindMs }: Given,
  to: { rows: LogRow[]; endings: Ending[]; attempts: ReadonlyMap<string, Attempt> },
): EntryResult[] {
  const receivedAt = Math.round(standing.now)
  return entries.map((read) => {
    const base = { enrolment, id: read.id, receivedAt }
    if (!('entry' in read)) {
      if (standing.known.has(read.id)) return { id: read.id, state: 'known' }
      standing.known.add(read.id)
      const { why, raw, at } = read
      to.rows.push({
        ...base,
        ...nothing,
        type: 'unreadable',
        at,
        data: raw,
        state: 'refused',
        why,
      })
      return { id: read.id, state: 'refused', why }
    }
    const { entry } = read
    const attempt = 'attempt' in entry ? standing.attempts.get(entry.attempt) : undefined
    const found = attempt && to.attempts.get(attempt.id)
    if (attempt && found && isOver(attempt, standing.now)) {
      const at = attempt.endsAt ?? standing.now
      endAttempt(standing, attempt.id, at)
      to.endings.push({ attempt: found, by: 'time', at })
    }
    // Nothing is done before it arrives, whatever a clock says.
    const at = Math.min(Math.max(0, Math.round(entry.at + behindMs)), receivedAt)
    const { result, row, ends } = judge(standing, entry, at)
    if (row) {
      const { at, state, why = null, lesson = null } = row
      to.rows.push({
        ...base,
        type: entry.type,
        at,
        lesson: lesson ?? ('lesson' in entry ? (entry.lesson ?? null) : null),
        item: 'item' in entry ? (entry.item ?? null) : null,
        attempt: 'attempt' in entry ? entry.attempt : null,
        question: entry.type === 'answer' ? entry.question : null,
        after: entry.after ?? null,
        settles: entry.settles ?? [],
        data: entry.data ?? {},
        state,
        why,
      })
    }
    if (ends !== undefined && found)
      to.endings.push({ attempt: found, by: 'submit', at: standing.now })
    return result
  })
}

const nothing = {
  lesson: null,
  item: null,
  attempt: null,
  question: null,
  after: null,
  settles: [],
}

type Ids = { heads: Map<string, string[]>; awaited: Map<string, string[]> }

const idsOf = ({ heads, awaited }: Standing): Ids => ({
  heads: new Map([...heads].map(([subject, list]) => [subject, list.map(({ id }) => id)])),
  awaited: new Map([...awaited].map(([subject, ids]) => [subject, [...ids]])),
})

async function writeChanges(
  tx: Parameters<typeof addHeads>[0],
  before: ReadonlyMap<string, Ids>,
  standings: ReadonlyMap<string, Standing>,
): Promise<void> {
  const heads = []
  const awaited = []
  for (const [id, standing] of standings) {
    const old = before.get(id)
    if (!old) continue
    const own = idsOf(standing)
    heads.push(differences(id, old.heads, own.heads))
    awaited.push(differences(id, old.awaited, own.awaited))
  }
  const gone = heads.flatMap((one) => one.gone)
  const fresh = heads.flatMap((one) => one.fresh)
  const arrived = awaited.flatMap((one) => one.gone)
  const expected = awaited.flatMap((one) => one.fresh)
  if (gone.length > 0) await removeHeads(tx, gone)
  if (fresh.length > 0) await addHeads(tx, fresh)
  if (arrived.length > 0) await removeAwaited(tx, arrived)
  if (expected.length > 0) await addAwaited(tx, expected)
}
