import { gradeWork, keepResults } from './grading/settle.ts'
import type { Plan } from './plan.ts'
import { lockEnrolments } from './queries/enrolments.ts'
import { listGrades } from './queries/grades.ts'
import { listEnrolmentIds, moveTo } from './queries/regrades.ts'
import { listWork } from './queries/work.ts'
import { changeOf, type GradeChange, inParts, revisionOf } from './regrading.ts'
import type { Learning } from './running.ts'

type Part = { key: string; title: string }

/** What is different for those who come from one revision. */
export type RevisionChange = {
  from: number
  learners: number
  lessons: { added: Part[]; gone: Part[] }
  /** Graded items. */
  items: { added: Part[]; gone: Part[]; changed: Part[] }
}

export type Moved = { to: number; from: RevisionChange[]; changes: GradeChange[] }

/**
 * Moves enrolments to another revision: all of a course, or one. What was done stays done where the lesson is still there,
 * attempts count where their item is, one that is running goes on as it began, and who has completed the course stays so.
 * @throws Problem 404 when there is no such revision
 */
export async function move(
  learning: Learning,
  given: { courseId: number; revision: number | null; enrolment?: string; by: string | null },
  preview: boolean,
): Promise<Moved> {
  const { db, plans, nudge } = learning
  const { courseId, enrolment, by } = given
  const target = await revisionOf(plans, courseId, given.revision)
  const ids = enrolment ? [enrolment] : await listEnrolmentIds(db.work, courseId, target.revision)
  const from = new Map<number, { plan: Plan; learners: number }>()
  const changes: GradeChange[] = []
  await inParts(ids, async (part) => {
    await db.work.begin(async (tx) => {
      if (!preview) await lockEnrolments(tx, part)
      const rows = (await listWork(tx, part)).filter((row) => row.revision !== target.revision)
      const kept = new Map((await listGrades(tx, part)).map((grade) => [grade.enrolmentId, grade]))
      const results = rows.map((row) => ({ row, plan: target, result: gradeWork(target, row) }))
      for (const { row, result } of results) {
        const known = from.get(row.revision)
        if (known) known.learners += 1
        else {
          const plan = await revisionOf(plans, courseId, row.revision)
          from.set(row.revision, { plan, learners: 1 })
        }
        const change = changeOf(row, kept.get(row.enrolment), result)
        if (change) changes.push(change)
      }
      if (preview || rows.length === 0) return
      const moved = rows.map(({ enrolment: id, revision }) => ({ id, revision }))
      await moveTo(tx, moved, { revision: target.revision, by })
      await keepResults(tx, results)
    })
  })
  if (!preview) nudge()
  return {
    to: target.revision,
    from: [...from.values()].map(({ plan, learners }) => compare(plan, target, learners)),
    changes,
  }
}

function compare(before: Plan, after: Plan, learners: number): RevisionChange {
  const graded = (plan: Plan) =>
    new Map([...plan.items].filter(([, { graded }]) => graded !== null))
  const [old, own] = [graded(before), graded(after)]
  return {
    from: before.revision,
    learners,
    lessons: {
      added: without(after.lessons, before.lessons),
      gone: without(before.lessons, after.lessons),
    },
    items: {
      added: without(own, old),
      gone: without(old, own),
      changed: [...own.values()].flatMap((item) => {
        const earlier = old.get(item.key)
        const same =
          JSON.stringify([earlier?.quiz, earlier?.graded]) ===
          JSON.stringify([item.quiz, item.graded])
        return earlier && !same ? [part(item)] : []
      }),
    },
  }
}

const part = ({ key, title }: Part): Part => ({ key, title })

/** Parts of the one that the other does not have. */
const without = (one: ReadonlyMap<string, Part>, other: ReadonlyMap<string, Part>): Part[] =>
  [...one.values()].filter(({ key }) => !other.has(key)).map(part)
