import { randomBytes } from 'node:crypto'
import type { Transaction } from '@colonnade/db'
import { Problem } from '@colonnade/http'
import { endAttempts } from './grading/end.ts'
import { settle } from './grading/settle.ts'
import type { Plans } from './plan.ts'
import {
  type Attempt,
  addAttempt,
  findAttempt,
  listAttemptsOf,
  listExtensions,
  listOverdue,
} from './queries/attempts.ts'
import { type Enrolment, lockEnrolments } from './queries/enrolments.ts'
import type { Learning } from './running.ts'
import { rulesOf } from './state/items.ts'

/**
 * Starts an attempt at a graded item, once for each id; where one is running already, it is that one.
 * @throws Problem 404 for an item that is not graded, 409 when none is left
 */
export async function startAttempt(
  { db, plans }: Learning,
  enrolment: Enrolment,
  given: { id: string; item: string },
): Promise<{ attempt: Attempt; fresh: boolean }> {
  return await db.work.begin(async (tx) => {
    const [locked] = await lockEnrolments(tx, [enrolment.id])
    const plan = locked && (await plans.of(locked.courseId, locked.revision))
    if (!locked || !plan) throw new Problem(404, 'There is no such enrolment of yours.')
    const same = await findAttempt(tx, given.id)
    if (same?.enrolmentId === enrolment.id) return { attempt: same, fresh: false }
    if (same) throw new Problem(409, 'Use a new id for a new attempt.')
    const [extensions, before] = await Promise.all([
      listExtensions(tx, [enrolment.id]),
      listAttemptsOf(tx, enrolment.id, given.item),
    ])
    const extension = extensions.find(({ item }) => item === given.item)
    const rules = rulesOf(plan, given.item, locked.enrolledAt, extension)
    if (!rules || !plan.items.get(given.item)?.quiz)
      throw new Problem(404, 'There is nothing graded under this name in your revision.')
    const open = before.find(({ endedAt }) => endedAt === null)
    if (open && !isOverdue(open, locked.now)) return { attempt: open, fresh: false }
    if (open) await endOverdue(tx, plans, [open])
    if (locked.leftAt) throw new Problem(409, 'Enrol again first: this course was left.')
    if (rules.attempts !== null && before.length >= rules.attempts)
      throw new Problem(409, 'No attempt is left.')
    const attempt = await addAttempt(tx, {
      ...{ id: given.id, enrolmentId: enrolment.id, item: given.item },
      number: (before.at(-1)?.number ?? 0) + 1,
      revision: locked.revision,
      seed: randomBytes(9).toString('base64url'),
      minutes: rules.minutes,
    })
    return { attempt, fresh: true }
  })
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
