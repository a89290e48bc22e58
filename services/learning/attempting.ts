import { randomBytes } from 'node:crypto'
import { inBatches, type Sql, type Transaction } from '@colonnade/db'
import { Problem } from '@colonnade/http'
import { endAttempts } from './grading/end.ts'
import { settle } from './grading/settle.ts'
import type { Plan, Plans } from './plan.ts'
import {
  type Attempt,
  addAttempts,
  type Extension,
  findAttempt,
  listAttempts,
  listAttemptsIn,
  listExtensions,
  listOverdue,
  type NewAttempt,
} from './queries/attempts.ts'
import { type Enrolment, lockEnrolments } from './queries/enrolments.ts'
import type { Learning } from './running.ts'
import { rulesOf } from './state/items.ts'

/** Somebody who wants to begin: `id` is the attempt's, made by their device. */
export type Starting = { enrolment: string; id: string; item: string }
export type Started = { attempt: Attempt; fresh: boolean }

/**
 * Starts attempts at graded items, many in one transaction: each once for its id, and where one is running already it is
 * that one. What cannot be started is answered with a problem, and keeps none of the others.
 */
async function startAttempts(
  sql: Sql,
  plans: Plans,
  batch: readonly Starting[],
): Promise<(Started | Problem)[]> {
  return await sql.begin(async (tx) => {
    const ids = [...new Set(batch.map(({ enrolment }) => enrolment))]
    const locked = new Map((await lockEnrolments(tx, ids)).map((row) => [row.id, row]))
    const [extensions, found, same] = await Promise.all([
      listExtensions(tx, ids),
      listAttemptsIn(tx, ids),
      listAttempts(
        tx,
        batch.map(({ id }) => id),
      ),
    ])
    const over = found.filter((one) => {
      const now = locked.get(one.enrolmentId)?.now
      return now !== undefined && isOverdue(one, now)
    })
    if (over.length > 0) await endOverdue(tx, plans, over)
    const known = new Map<string, Known>(same.map((one) => [one.id, one]))
    const before: Known[] = found.map((one) =>
      over.includes(one) ? { ...one, endedAt: one.endsAt } : one,
    )
    const fresh: NewAttempt[] = []
    const chosen: ({ id: string; fresh: boolean } | Problem)[] = []
    for (const given of batch) {
      const enrolment = locked.get(given.enrolment)
      const plan = enrolment && (await plans.of(enrolment.courseId, enrolment.revision))
      const extension = extensions.find(
        ({ enrolmentId, item }) => enrolmentId === given.enrolment && item === given.item,
      )
      const own = before.filter(
        ({ enrolmentId, item }) => enrolmentId === given.enrolment && item === given.item,
      )
      const next =
        enrolment && plan
          ? begin(given, { enrolment, plan, extension, own, same: known.get(given.id) })
          : new Problem(404, 'There is no such enrolment of yours.')
      chosen.push('attempt' in next ? { id: next.attempt.id, fresh: true } : next)
      if (!('attempt' in next)) continue
      fresh.push(next.attempt)
      const running = { ...next.attempt, endedAt: null }
      known.set(given.id, running)
      before.push(running)
    }
    const made = fresh.length > 0 ? await addAttempts(tx, fresh) : []
    const all = new Map([...found, ...same, ...made].map((one) => [one.id, one]))
    return chosen.map((one) => {
      if (one instanceof Problem) return one
      const attempt = all.get(one.id)
      if (!attempt) throw new Error('an attempt was not stored')
      return { attempt, fresh: one.fresh }
    })
  })
}

/** An attempt that was there, or that this transaction is about to add. */
type Known = Pick<Attempt, 'id' | 'enrolmentId' | 'item' | 'number' | 'endedAt'>

/** What starting comes to: an attempt to add, one that is there, or why not. `own` are those at this item, in order. */
function begin(
  given: Starting,
  {
    enrolment,
    plan,
    extension,
    own,
    same,
  }: {
    enrolment: Enrolment
    plan: Plan
    extension: Extension | undefined
    own: readonly Known[]
    same: Known | undefined
  },
): { attempt: NewAttempt } | { id: string; fresh: boolean } | Problem {
  if (same?.enrolmentId === enrolment.id) return { id: same.id, fresh: false }
  if (same) return new Problem(409, 'Use a new id for a new attempt.')
  const rules = rulesOf(plan, given.item, enrolment.enrolledAt, extension)
  if (!rules || !plan.items.get(given.item)?.quiz)
    return new Problem(404, 'There is nothing graded under this name in your revision.')
  const open = own.find(({ endedAt }) => endedAt === null)
  if (open) return { id: open.id, fresh: false }
  if (enrolment.leftAt) return new Problem(409, 'Enrol again first: this course was left.')
  if (rules.attempts !== null && own.length >= rules.attempts)
    return new Problem(409, 'No attempt is left.')
  return {
    attempt: {
      ...{ id: given.id, enrolmentId: enrolment.id, item: given.item },
      number: Math.max(0, ...own.map(({ number }) => number)) + 1,
      revision: enrolment.revision,
      seed: randomBytes(9).toString('base64url'),
      minutes: rules.minutes,
    },
  }
}

/**
 * Starts attempts: those that are asked for while others are being started go together.
 * @throws Problem (the returned function) 404 for an item that is not graded, 409 when no attempt is left
 */
export function openStarts({ db, plans }: Pick<Learning, 'db' | 'plans'>) {
  const start = inBatches((batch: Starting[]) => startAttempts(db.work, plans, batch))
  return async (given: Starting): Promise<Started> => {
    const started = await start(given)
    if (started instanceof Problem) throw started
    return started
  }
}

const isOverdue = ({ endsAt, endedAt }: Attempt, now: number) =>
  endedAt === null && endsAt !== null && endsAt.getTime() <= now

async function endOverdue(tx: Transaction, plans: Plans, attempts: readonly Attempt[]) {
  const endings = attempts.map((attempt) => ({
    attempt,
    by: 'time' as const,
    at: attempt.endsAt?.getTime() ?? 0,
  }))
  await endAttempts(tx, plans, endings)
  await settle(tx, plans, [...new Set(attempts.map(({ enrolmentId }) => enrolmentId))])
}

/** An attempt as it is now: one whose time is over is ended first, with what had arrived. */
export async function readAttempt(learning: Learning, id: string): Promise<Attempt | undefined> {
  const { db } = learning
  const found = await findAttempt(db.hot, id)
  if (!found || !isOverdue(found, Date.now())) return found
  await endAll(learning, [found])
  return await findAttempt(db.hot, id)
}

/** Ends those of the attempts whose time is over by the database's clock. */
async function endAll(
  { db, plans, nudge }: Pick<Learning, 'db' | 'plans' | 'nudge'>,
  attempts: readonly { id: string; enrolmentId: string }[],
): Promise<void> {
  await db.work.begin(async (tx) => {
    const locked = await lockEnrolments(tx, [
      ...new Set(attempts.map(({ enrolmentId }) => enrolmentId)),
    ])
    const now = locked[0]?.now ?? 0
    const found = await Promise.all(attempts.map(({ id }) => findAttempt(tx, id)))
    const over = found.flatMap((one) => (one && isOverdue(one, now) ? [one] : []))
    if (over.length > 0) await endOverdue(tx, plans, over)
  })
  nudge()
}

const atOnce = 100

/** Ends all attempts whose time is over, also of those who never came back. @returns how many there were */
export async function sweep(learning: Pick<Learning, 'db' | 'plans' | 'nudge'>): Promise<number> {
  let ended = 0
  for (;;) {
    const overdue = await listOverdue(learning.db.work, atOnce)
    if (overdue.length > 0) await endAll(learning, overdue)
    ended += overdue.length
    if (overdue.length < atOnce) return ended
  }
}
