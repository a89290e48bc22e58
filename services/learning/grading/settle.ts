import type { Sql, Transaction } from '@colonnade/db'
import type { Grade } from '@colonnade/questions'
import type { Plan, Plans } from '../plan.ts'
import { complete, type NewGrade, putGrades } from '../queries/grades.ts'
import { listWork, type WorkRow } from '../queries/work.ts'
import { compute, named } from './compute.ts'
import { heldMarks, isWaiting, sumOf } from './marks.ts'

/** Grades enrolments anew from what is written, and notes who has completed their course. They must be locked. */
export async function settle(
  tx: Transaction,
  plans: Plans,
  enrolments: readonly string[],
): Promise<void> {
  const results = []
  for (const row of await listWork(tx, enrolments)) {
    const plan = await plans.of(row.courseId, row.revision)
    if (!plan) throw new Error(`no plan of course ${row.courseId}, ${row.revision}`)
    results.push({ row, plan, result: gradeWork(plan, row) })
  }
  await keepResults(tx, results)
}

/** An enrolment's grade with its trace, made when it is asked for; null where nothing is graded. */
export async function readGrade(
  sql: Sql,
  plan: Plan,
  enrolment: string,
): Promise<(Grade & { waiting: number }) | null> {
  const [row] = await listWork(sql, [enrolment])
  if (!row) return null
  const { grade, waiting } = computeWork(plan, row)
  return grade && { ...named(grade), waiting }
}

/** What an enrolment's work comes to, and how many questions of it wait for a teacher. */
export type Result = {
  grade: Pick<Grade, 'share' | 'threshold'> | null
  complete: boolean
  waiting: number
}

/** Grades what was read of one enrolment by a revision of its course. */
export function gradeWork(plan: Plan, row: WorkRow): Result {
  const { grade, complete, waiting } = computeWork(plan, row)
  // Without the trace: results of thousands are held at once.
  const sum = grade && { share: grade.share, threshold: grade.threshold }
  return { grade: sum, complete, waiting }
}

function computeWork(plan: Plan, row: WorkRow) {
  const marked = new Map(
    row.marked.map(({ attempt, marks, given }) => [attempt, heldMarks(marks, given)]),
  )
  let waiting = 0
  const attempts = row.attempts.map(([id, item, number, endedAt, points, outOf, waited]) => {
    const marks = marked.get(id)
    waiting += marks ? marks.filter(isWaiting).length : waited
    return { id, item, number, endedAt, points, outOf, held: marks ? sumOf(marks) : points }
  })
  const { enrolledAt, extensions } = row
  const done = new Set(row.done)
  return { ...compute(plan, { enrolledAt, attempts, extensions, done }), waiting }
}

/** Keeps grades, and notes who has completed their course by them. */
export async function keepResults(
  tx: Transaction,
  results: readonly { row: WorkRow; plan: Plan; result: Result }[],
): Promise<void> {
  const grades = results.flatMap(({ row, plan, result: { grade, waiting } }): NewGrade[] =>
    grade
      ? [
          {
            enrolmentId: row.enrolment,
            revision: plan.revision,
            share: grade.share,
            threshold: grade.threshold,
            waiting,
          },
        ]
      : [],
  )
  const completed = results.flatMap(({ row, result }) =>
    result.complete && !row.completed ? [row.enrolment] : [],
  )
  if (grades.length > 0) await putGrades(tx, grades)
  if (completed.length > 0) await complete(tx, completed)
}
