import { uuidv7 } from '@colonnade/http'
import { readForm, type Visit } from '@colonnade/personal'
import type { ItemState } from '../api/shapes.ts'
import { dueAt } from '../grading/due.ts'
import { readEntry } from '../log/read.ts'
import { move } from '../moving.ts'
import type { Plan } from '../plan.ts'
import { type Enrolment, leave } from '../queries/enrolments.ts'
import { listProgress } from '../queries/progress.ts'
import { CoursePage } from './course.tsx'
import type { CourseData, DueDate, GradedItem } from './model.ts'
import { nextStep } from './next-step.ts'
import { nothingHere } from './nothing-here.tsx'
import type { Pages } from './open.ts'
import { myCoursePath, myPath } from './paths.ts'
import { type Standing, stateOf } from './standing.ts'

/** A course as who learns it sees it. */
export async function showCourse(
  pages: Pages,
  visit: Visit,
  standing: Standing,
): Promise<Response> {
  const { plan, enrolment, course } = standing
  const [state, progress, zone, newer] = await Promise.all([
    stateOf(pages, standing),
    listProgress(pages.db.hot, [enrolment.id]),
    pages.zoneOf(enrolment.person),
    newerOf(pages, standing),
  ])
  const reached = new Set(progress.map(({ lesson }) => lesson))
  const done = new Set(state.done)
  const data: CourseData = {
    id: plan.courseId,
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
    certificate: state.certificate,
    grade: state.grade,
    newer,
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

/** What a newer revision has and has no longer; null where theirs is the latest, or nobody can tell now. */
async function newerOf(pages: Pages, { plan, enrolment }: Standing): Promise<CourseData['newer']> {
  const latest = await pages.plans.latest(plan.courseId).catch(() => undefined)
  if (!latest || latest.revision <= enrolment.revision) return null
  const { from } = await move(pages, moveOf(enrolment), true)
  const titles = (parts: readonly { title: string }[]) => parts.map(({ title }) => title)
  return {
    added: from.flatMap(({ lessons, items }) => titles([...lessons.added, ...items.added])),
    removed: from.flatMap(({ lessons, items }) => titles([...lessons.gone, ...items.gone])),
  }
}

const moveOf = ({ courseId, id, person }: Enrolment) => ({
  ...{ courseId, enrolment: id, by: person },
  revision: null,
})

/** Moves them to the published revision; what was completed stays so. */
export async function moveOn(
  pages: Pages,
  visit: Visit,
  { enrolment, course }: Standing,
): Promise<Response> {
  await move(pages, moveOf(enrolment), false)
  return visit.goTo(myCoursePath(course.slug))
}

/** Notes that a lesson is done, where no script does it on the lesson's own page. */
export async function markDone(
  { addToLog }: Pages,
  visit: Visit,
  { enrolment, plan, course }: Standing,
): Promise<Response> {
  const { fields } = await readForm(visit.request, 10_000)
  const lesson = plan.lessons.get(fields.get('done') ?? '')
  if (!lesson) return nothingHere(visit)
  const at = Date.now()
  const entry = { id: uuidv7(), type: 'done', at, lesson: lesson.key }
  await addToLog({
    ...{ enrolment: enrolment.id, person: enrolment.person, behindMs: 0 },
    entries: [readEntry(entry, at)],
    came: performance.now(),
  })
  return visit.goTo(`${myCoursePath(course.slug)}#lesson-${encodeURIComponent(lesson.slug)}`)
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
