import type { Visit } from '@colonnade/personal'
import type { ItemState } from '../api/shapes.ts'
import { dueAt } from '../grading/due.ts'
import type { Plan } from '../plan.ts'
import { type Enrolment, leave } from '../queries/enrolments.ts'
import { listProgress } from '../queries/progress.ts'
import { CoursePage } from './course.tsx'
import type { CourseData, DueDate, GradedItem } from './model.ts'
import { nextStep } from './next-step.ts'
import type { Pages } from './open.ts'
import { myPath } from './paths.ts'
import { type Standing, stateOf } from './standing.ts'

/** A course as who learns it sees it. */
export async function showCourse(
  pages: Pages,
  visit: Visit,
  standing: Standing,
): Promise<Response> {
  const { plan, enrolment, course } = standing
  const [state, progress, zone] = await Promise.all([
    stateOf(pages, standing),
    listProgress(pages.db.hot, [enrolment.id]),
    pages.zoneOf(enrolment.person),
  ])
  const reached = new Set(progress.map(({ lesson }) => lesson))
  const done = new Set(state.done)
  const data: CourseData = {
    course,
    modules: plan.modules.map(({ key, title, lessons }) => ({
      ...{ key, title },
      lessons: lessons.map((lesson) => ({
        ...{ key: lesson.key, slug: lesson.slug, title: lesson.title, minutes: lesson.minutes },
        isDone: done.has(lesson.key),
        isReached: reached.has(lesson.key),
        items: state.items
          .filter((item) => item.lesson === lesson.key)
          .map((item) => gradedItem(plan, enrolment, item)),
      })),
    })),
    next: nextStep(plan, state),
    completedAt: enrolment.completedAt,
    certificate: null,
    grade: state.grade,
    newer: null,
    zone,
  }
  const { t, local } = visit
  return visit.page(<CoursePage data={data} t={t} local={local} />, plan.title)
}

function gradedItem(plan: Plan, enrolment: Enrolment, item: ItemState): GradedItem {
  const { key, title, share } = item
  return {
    ...{ key, title, share },
    kind: kindOf(plan, key),
    state:
      item.running !== null
        ? 'running'
        : item.waiting > 0
          ? 'waiting'
          : share === null
            ? 'open'
            : 'graded',
    due: dueOf(plan, enrolment, item),
  }
}

export const kindOf = (plan: Plan, key: string): 'quiz' | 'assignment' =>
  plan.items.get(key)?.kind === 'assignment' ? 'assignment' : 'quiz'

/** When an item is due for a learner, and whether a teacher gave them longer. */
export function dueOf(
  plan: Plan,
  { enrolledAt }: Pick<Enrolment, 'enrolledAt'>,
  { key, due }: Pick<ItemState, 'key' | 'due'>,
): DueDate | null {
  if (due === null) return null
  const at = new Date(due)
  const usual = dueAt(plan.items.get(key)?.graded?.due ?? null, enrolledAt.getTime())
  return { at, extended: usual !== null && at.getTime() > usual }
}

/** Takes them out of the course; their work stays. */
export async function leaveCourse(
  { db, nudge }: Pages,
  visit: Visit,
  { enrolment }: Standing,
): Promise<Response> {
  const left = await db.work.begin((tx) => leave(tx, enrolment))
  if (left) nudge()
  return visit.goTo(myPath)
}
