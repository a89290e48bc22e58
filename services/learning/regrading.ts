import type { Transaction } from '@colonnade/db'
import { Problem, uuidv7 } from '@colonnade/http'
import { changedItems, type Remark, remark } from './grading/remark.ts'
import { gradeWork, keepResults, type Result } from './grading/settle.ts'
import type { Plan, Plans } from './plan.ts'
import { addMarks } from './queries/attempts.ts'
import { lockEnrolments } from './queries/enrolments.ts'
import { listGrades } from './queries/grades.ts'
import {
  addRegrade,
  endRegrade,
  listEnrolmentIds,
  listRemarkable,
  type Remarkable,
} from './queries/regrades.ts'
import { listWork, type WorkRow } from './queries/work.ts'
import type { Learning } from './running.ts'

/** How one grade changes. Shares are from 0 to 1; null: there is none. */
export type GradeChange = {
  enrolment: string
  before: number | null
  after: number | null
  thresholdBefore: string | null
  thresholdAfter: string | null
  /** Whether the course is completed by it; completion is never taken back. */
  completes: boolean
}

export type Regraded = {
  revision: number
  learners: number
  /** Questions of attempts that are worth something else. */
  marks: number
  changes: GradeChange[]
}

/** Enrolments that are graded in one transaction: they wait for it. */
const size = 100

/** Three parts at a time: while two are read from the database, the third is reckoned here. */
export async function inParts(
  ids: readonly string[],
  take: (part: string[]) => Promise<void>,
): Promise<void> {
  let begin = 0
  async function next(): Promise<void> {
    while (begin < ids.length) {
      const part = ids.slice(begin, begin + size)
      begin += size
      await take(part)
    }
  }
  await Promise.all([next(), next(), next()])
}

/**
 * Marks all that was handed in by the answers of a revision, and grades everybody anew. A preview writes nothing. Done, it
 * adds marks and an event, part by part, so that nobody's work waits for all; broken off, it is done again to its end.
 * @throws Problem 404 when there is no such revision
 */
export async function regrade(
  learning: Learning,
  given: { courseId: number; revision: number | null; by: string | null; reason: string },
  preview: boolean,
): Promise<Regraded & { id: string | null }> {
  const { db, plans, nudge } = learning
  const { courseId, by, reason } = given
  const target = await revisionOf(plans, courseId, given.revision)
  const ids = await listEnrolmentIds(db.work, courseId)
  const { revision } = target
  const total: Regraded = { revision, learners: ids.length, marks: 0, changes: [] }
  const id = preview ? null : uuidv7()
  if (id !== null) await addRegrade(db.work, { id, courseId, revision, by, reason })
  await inParts(ids, async (part) => {
    const done = await db.work.begin(async (tx) => {
      if (id !== null) await lockEnrolments(tx, part)
      const found = await regradePart(tx, plans, target, part, id)
      if (id !== null) {
        await addMarks(tx, found.marks)
        await keepResults(tx, found.results)
      }
      return found
    })
    total.marks += done.marks.length
    total.changes.push(...done.changes)
  })
  total.changes.sort((a, b) => (a.enrolment < b.enrolment ? -1 : 1))
  if (id !== null) {
    const changed = total.changes.length
    await db.work.begin((tx) => endRegrade(tx, { id, courseId, changed }))
    nudge()
  }
  return { ...total, id }
}

/** The given revision, else the published one. @throws Problem 404 when there is none */
export async function revisionOf(
  plans: Plans,
  courseId: number,
  revision: number | null,
): Promise<Plan> {
  const plan =
    revision === null ? await plans.latest(courseId, true) : await plans.of(courseId, revision)
  if (!plan) throw new Problem(404, 'There is no such course, or no such revision of it.')
  return plan
}

async function regradePart(
  tx: Transaction,
  plans: Plans,
  target: Plan,
  ids: readonly string[],
  regradeId: string | null,
) {
  const rows = await listWork(tx, ids)
  const own = new Map<number, Plan>()
  for (const { revision } of rows) {
    if (!own.has(revision)) own.set(revision, await revisionOf(plans, target.courseId, revision))
  }
  const items = [...new Set([...own.values()].flatMap((plan) => changedItems(plan, target)))]
  const attempts = items.length > 0 ? await listRemarkable(tx, ids, items) : []
  const marks = attempts.flatMap((attempt) =>
    remark(target, attempt).map((one) => newMark(one, regradeId)),
  )
  const byEnrolment = groupBy(attempts, ({ enrolmentId }) => enrolmentId)
  const marksOf = groupBy(marks, ({ attemptId }) => attemptId)
  const kept = new Map((await listGrades(tx, ids)).map((grade) => [grade.enrolmentId, grade]))
  const results = rows.flatMap((row) => {
    const plan = own.get(row.revision)
    if (!plan) return []
    const marked = overlaid(row, byEnrolment.get(row.enrolment) ?? [], marksOf)
    return [{ row, plan, result: gradeWork(plan, { ...row, marked }) }]
  })
  const changes = results.flatMap(({ row, result }) => {
    const change = changeOf(row, kept.get(row.enrolment), result)
    return change ? [change] : []
  })
  // Rows of grades that stay as they are need not be written.
  const changed = new Set(changes.map(({ enrolment }) => enrolment))
  return { marks, changes, results: results.filter(({ row }) => changed.has(row.enrolment)) }
}

type Kept = { share: number; threshold: string | null } | undefined

/** How a grade that is kept differs from one that was made anew; undefined when it does not. */
export function changeOf(row: WorkRow, kept: Kept, result: Result): GradeChange | undefined {
  const completes = result.complete && !row.completed
  const after = result.grade?.share ?? null
  const before = kept?.share ?? null
  const thresholdAfter = result.grade?.threshold ?? null
  const thresholdBefore = kept?.threshold ?? null
  // Whoever has handed nothing in has no row yet: that is no change.
  const same =
    Math.abs((after ?? 0) - (before ?? 0)) < 1e-9 &&
    (thresholdAfter === thresholdBefore || kept === undefined)
  if (same && !completes) return undefined
  const { enrolment } = row
  return { enrolment, before, after, thresholdBefore, thresholdAfter, completes }
}

type NewMark = ReturnType<typeof newMark>

const newMark = (one: Remark, regradeId: string | null) => ({
  ...one,
  id: uuidv7(),
  by: null,
  regradeId,
  rubric: {},
  comment: '',
})

/** What of an enrolment was marked again, with the marks that come on top. */
function overlaid(
  row: WorkRow,
  attempts: readonly Remarkable[],
  marksOf: ReadonlyMap<string, NewMark[]>,
): WorkRow['marked'] {
  const again = attempts.flatMap(({ id, marks, given }) => {
    const fresh = marksOf.get(id)
    // In a preview the marks have no regrading to belong to; they are no teacher's all the same.
    const list = fresh?.map((one) => ({ ...one, regradeId: one.regradeId ?? 'preview' }))
    return list ? [{ attempt: id, marks, given: [...given, ...list] }] : []
  })
  const replaced = new Set(again.map(({ attempt }) => attempt))
  return [...row.marked.filter(({ attempt }) => !replaced.has(attempt)), ...again]
}

function groupBy<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const group = groups.get(key(one))
    if (group) group.push(one)
    else groups.set(key(one), [one])
  }
  return groups
}
