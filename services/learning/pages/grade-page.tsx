import type { Visit } from '@colonnade/personal'
import { readGrade } from '../grading/settle.ts'
import { listAttemptsOf } from '../queries/attempts.ts'
import { GradePage } from './grade.tsx'
import type { GradeData } from './model.ts'
import type { Pages } from './open.ts'
import { itemPath, myCoursePath } from './paths.ts'
import type { Standing } from './standing.ts'

/** The grade with its trace; where a course grades nothing there is none to show. */
export async function showGrade(
  { db }: Pages,
  visit: Visit,
  { plan, enrolment, course }: Standing,
): Promise<Response> {
  const [grade, attempts] = await Promise.all([
    readGrade(db.hot, plan, enrolment.id),
    listAttemptsOf(db.hot, enrolment.id),
  ])
  if (!grade) return visit.goTo(myCoursePath(course.slug))
  const { share, threshold, waiting, trace } = grade
  const data: GradeData = {
    ...{ course, share, threshold, waiting, trace },
    thresholds: plan.policy.thresholds,
    late: plan.policy.late,
    items: new Map(
      [...plan.items.values()].map(({ key, title }) => [
        key,
        { title, href: itemPath(course.slug, key) },
      ]),
    ),
    groups: new Map(plan.policy.groups.map(({ key, title }) => [key, title])),
    attempts: new Map(attempts.map(({ id, number }) => [id, number])),
  }
  const { t, local } = visit
  const title = `${t.t('learn.grade.title')} · ${course.title}`
  return visit.page(<GradePage data={data} t={t} local={local} />, title)
}
