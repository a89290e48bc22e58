import { Problem } from '@colonnade/http'
import type { Plan } from './plan.ts'
import { type Enrolment, enrol, findEnrolmentOf } from './queries/enrolments.ts'
import { findIntake, type Intake } from './queries/intake.ts'
import type { Learning } from './running.ts'

/** Why somebody cannot enrol now. */
export type Bar = 'code' | 'closed' | 'early' | 'over' | 'full'

/** What stands in the way of enrolling, before a seat is tried for; `code` is the one that was given. */
export function barOf(intake: Intake, code: string | null): Bar | undefined {
  if (intake.mode === 'closed') return 'closed'
  if (intake.early) return 'early'
  if (intake.over) return 'over'
  // As a teacher writes it on a board: capitals and spaces around it do not matter.
  if (intake.mode === 'code' && fold(code ?? '') !== fold(intake.code ?? '')) return 'code'
  return intake.seats !== null && intake.taken >= intake.seats ? 'full' : undefined
}

const fold = (code: string) => code.trim().normalize('NFC').toLowerCase()

const problems: Record<Bar, () => Problem> = {
  code: () => new Problem(403, 'This course takes people by a code; the one given is not it.'),
  closed: () => new Problem(409, 'This course takes nobody at the moment.'),
  early: () => new Problem(409, 'Enrolment has not begun.'),
  over: () => new Problem(409, 'Enrolment is over.'),
  full: () => new Problem(409, 'Every seat is taken.'),
}

export type Enrolling = { id: string; person: string; courseId: number; code: string | null }
export type Enrolled = { enrolment: Enrolment; plan: Plan; fresh: boolean }

/**
 * Enrols a person by the course's intake, in its published revision.
 * @throws Problem 403 for the code, 404 for the course, 409 when it takes nobody now
 */
export async function enrolIn(learning: Learning, given: Enrolling): Promise<Enrolled> {
  const tried = await tryEnrol(learning, given)
  if (typeof tried === 'string') throw problems[tried]()
  return tried
}

/** The same for pages, which say it in their own words. @throws Problem 404 when there is no such course */
export async function tryEnrol(learning: Learning, given: Enrolling): Promise<Enrolled | Bar> {
  const { db, plans, nudge } = learning
  const { person, courseId, code } = given
  const before = await findEnrolmentOf(db.hot, person, courseId)
  const plan = before
    ? await plans.of(courseId, before.revision)
    : await plans.latest(courseId, true)
  if (!plan) throw new Problem(404, 'There is no such course.')
  if (before && before.leftAt === null) return { enrolment: before, plan, fresh: false }
  const bar = barOf(await findIntake(db.hot, courseId), code)
  if (bar) return bar
  try {
    const { id } = given
    const made = await db.work.begin((tx) =>
      enrol(tx, { id, person, courseId, revision: plan.revision }),
    )
    if (made.fresh) nudge()
    return { ...made, plan }
  } catch (error) {
    const constraint = constraintOf(error)
    if (constraint === 'enrolment_pkey') throw new Problem(409, 'Use a new id for a new enrolment.')
    if (constraint !== 'intake_seats') throw error
    // The last seat may have gone to the same person, by another request.
    const now = await findEnrolmentOf(db.hot, person, courseId)
    return now && now.leftAt === null ? { enrolment: now, plan, fresh: false } : 'full'
  }
}

/** The constraint that a statement broke. */
export const constraintOf = (error: unknown): string | undefined =>
  error instanceof Error && 'constraint_name' in error ? String(error.constraint_name) : undefined
