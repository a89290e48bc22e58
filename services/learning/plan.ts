import type { CoursePlan, CoursesClient, PlanItem, PlanLesson } from '@colonnade/courses/contract'
import type { Database } from '@colonnade/db'
import { findPlan, keepPlan } from './queries/plans.ts'

/** A revision of a course, with its parts by their keys. */
export type Plan = CoursePlan & {
  lessons: ReadonlyMap<string, PlanLesson>
  items: ReadonlyMap<string, PlanItem & { lesson: string }>
}

export type Plans = {
  /** A revision of a course; undefined when courses knows of none. It throws when courses is away and we have no copy. */
  of(courseId: number, revision: number): Promise<Plan | undefined>
  /** The published revision; undefined when nothing is published. A minute old at most, or asked for `afresh`. */
  latest(courseId: number, afresh?: boolean): Promise<Plan | undefined>
}

const freshMs = 60_000
const most = 200

/** Forgets what was remembered longest ago when there is too much. */
function remember<Key, Value>(all: Map<Key, Value>, key: Key, value: Value): void {
  all.delete(key)
  all.set(key, value)
  const [oldest] = all.keys()
  if (all.size > most && oldest !== undefined) all.delete(oldest)
}

/** Plans from memory, from our own copy, or from courses: a revision never changes. */
export function openPlans(db: Database, courses: Pick<CoursesClient, 'findPlan'>): Plans {
  const known = new Map<string, Plan>()
  const published = new Map<number, { plan: Plan; until: number }>()

  async function find(courseId: number, revision: number): Promise<CoursePlan | undefined> {
    const kept = await findPlan(db.hot, courseId, revision)
    if (kept) return kept
    const asked = await courses.findPlan(courseId, revision)
    if (asked) await keepPlan(db.work, asked)
    return asked ?? undefined
  }

  return {
    async of(courseId, revision) {
      const key = `${courseId} ${revision}`
      const cached = known.get(key)
      if (cached) return cached
      const found = await find(courseId, revision)
      if (!found) return undefined
      const plan = withParts(found)
      remember(known, key, plan)
      return plan
    },
    async latest(courseId, afresh = false) {
      const cached = published.get(courseId)
      if (!afresh && cached && cached.until > performance.now()) return cached.plan
      const asked = await courses.findPlan(courseId).catch((error: unknown) => {
        // While courses is away, what was published a while ago is as good a guess as any.
        if (cached) return cached.plan
        throw error
      })
      if (!asked?.latest) {
        published.delete(courseId)
        return undefined
      }
      const plan = withParts(asked)
      await keepPlan(db.work, plan)
      remember(known, `${courseId} ${plan.revision}`, plan)
      remember(published, courseId, { plan, until: performance.now() + freshMs })
      return plan
    },
  }
}

/** Finds the parts of a plan by their keys. */
export function withParts(plan: CoursePlan): Plan {
  const lessons = plan.modules.flatMap((module) => module.lessons)
  return {
    ...plan,
    lessons: new Map(lessons.map((lesson) => [lesson.key, lesson])),
    items: new Map(
      lessons.flatMap((lesson) =>
        lesson.items.map((item) => [item.key, { ...item, lesson: lesson.key }] as const),
      ),
    ),
  }
}
