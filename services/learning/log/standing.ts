import type { Transaction } from '@colonnade/db'
import { draw } from '@colonnade/questions'
import type { Plans } from '../plan.ts'
import { type Attempt, listAttempts } from '../queries/attempts.ts'
import type { Enrolment } from '../queries/enrolments.ts'
import { type HeadRow, listAwaited, listHeadsOf, listKnown, type Named } from '../queries/log.ts'
import { subjectOf } from './entry.ts'
import type { OpenAttempt, Standing } from './judge.ts'
import type { Read } from './read.ts'

/** What one enrolment was given to write. */
export type Share = { enrolment: Enrolment; now: number; entries: readonly Read[] }

/** How enrolments stand before their entries are judged, and the attempts that are named. The enrolments are locked. */
export async function readStandings(
  tx: Transaction,
  plans: Plans,
  shares: readonly Share[],
): Promise<{ standings: Map<string, Standing>; attempts: Map<string, Attempt> }> {
  const named: Named[] = []
  const subjects: { enrolment: string; subject: string }[] = []
  const attemptIds = new Set<string>()
  for (const { enrolment, entries } of shares) {
    for (const read of entries) {
      named.push({ enrolment: enrolment.id, id: read.id })
      if (!('entry' in read)) continue
      const { entry } = read
      for (const id of [entry.after ?? [], entry.settles ?? []].flat()) {
        named.push({ enrolment: enrolment.id, id })
      }
      const subject = subjectOf(entry)
      if (subject !== undefined) subjects.push({ enrolment: enrolment.id, subject })
      if ('attempt' in entry) attemptIds.add(entry.attempt)
    }
  }
  const [known, heads, awaited, found] = await Promise.all([
    listKnown(tx, named),
    listHeadsOf(tx, subjects),
    listAwaited(tx, subjects),
    listAttempts(tx, [...attemptIds]),
  ])
  const standings = new Map<string, Standing>()
  for (const { enrolment, now } of shares) {
    const plan = await plans.of(enrolment.courseId, enrolment.revision)
    if (!plan) throw new Error(`no plan of course ${enrolment.courseId}, ${enrolment.revision}`)
    standings.set(enrolment.id, {
      plan,
      now,
      known: new Set(),
      heads: new Map(),
      awaited: new Map(),
      attempts: new Map(),
    })
  }
  for (const { enrolment, id } of known) standings.get(enrolment)?.known.add(id)
  for (const { enrolment, subject, id, at } of heads) {
    const of = standings.get(enrolment)?.heads
    of?.set(subject, [...(of.get(subject) ?? []).filter((one) => one.id !== id), { id, at }])
  }
  for (const { enrolment, subject, entry } of awaited) {
    const of = standings.get(enrolment)?.awaited
    of?.set(subject, (of.get(subject) ?? new Set()).add(entry))
  }
  for (const attempt of found) {
    const standing = standings.get(attempt.enrolmentId)
    standing?.attempts.set(attempt.id, await asked(plans, standing, attempt))
  }
  return { standings, attempts: new Map(found.map((attempt) => [attempt.id, attempt])) }
}

async function asked(plans: Plans, { plan }: Standing, attempt: Attempt): Promise<OpenAttempt> {
  const { id, item, seed, revision, startedAt: _, endsAt, endedAt } = attempt
  const own = revision === plan.revision ? plan : await plans.of(plan.courseId, revision)
  const quiz = own?.items.get(item)?.quiz
  return {
    id,
    item,
    questions: new Set(quiz ? draw(quiz, seed).map(({ key }) => key) : []),
    endsAt: endsAt?.getTime() ?? null,
    endedAt: endedAt?.getTime() ?? null,
  }
}

/** What was written of a kind, and is no more there after judging; and the other way round. */
export function differences(
  enrolment: string,
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): { gone: HeadRow[]; fresh: HeadRow[] } {
  const gone: HeadRow[] = []
  const fresh: HeadRow[] = []
  for (const subject of new Set([...before.keys(), ...after.keys()])) {
    const [old, own] = [before.get(subject) ?? [], after.get(subject) ?? []]
    for (const entry of old) if (!own.includes(entry)) gone.push({ enrolment, subject, entry })
    for (const entry of own) if (!old.includes(entry)) fresh.push({ enrolment, subject, entry })
  }
  return { gone, fresh }
}
