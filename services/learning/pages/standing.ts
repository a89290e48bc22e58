import type { EnrolmentBody } from '../api/shapes.ts'
import type { Plan } from '../plan.ts'
import { type Enrolment, findEnrolmentOf, listEnrolments } from '../queries/enrolments.ts'
import { enrolmentState } from '../state/enrolment.ts'
import type { CourseName } from './model.ts'
import type { Pages } from './open.ts'

/** Somebody's enrolment in a course, with the revision that they learn. */
export type Standing = { enrolment: Enrolment; plan: Plan; course: CourseName }

/** Courses that a person is enrolled in, the latest first; those that cannot be had now are left out. */
export async function listStandings(pages: Pages, person: string): Promise<Standing[]> {
  const found = await listEnrolments(pages.db.hot, person)
  const all = await Promise.all(found.map((enrolment) => withPlan(pages, enrolment)))
  return all.flatMap((one) => one ?? [])
}

/**
 * A person's enrolment in the course at a slug. `elsewhere`: there is such a course, and they are not in it.
 * A course that was renamed, or is off the site, is found by the slug it had when they enrolled.
 */
export async function standingAt(
  pages: Pages,
  person: string,
  slug: string,
): Promise<Standing | 'elsewhere' | undefined> {
  const mine = await listStandings(pages, person)
  const own = mine.find(({ plan }) => plan.slug === slug)
  if (own) return own
  const route = await pages.courses.findRoute(slug)
  if (!route) return undefined
  if ('movedTo' in route) return await standingAt(pages, person, route.movedTo)
  const enrolment = await findEnrolmentOf(pages.db.hot, person, route.id)
  if (!enrolment || enrolment.leftAt) return 'elsewhere'
  return await withPlan(pages, enrolment)
}

async function withPlan({ plans }: Pages, enrolment: Enrolment): Promise<Standing | undefined> {
  const plan = await plans.of(enrolment.courseId, enrolment.revision)
  return plan && { enrolment, plan, course: nameOf(plan) }
}

export const nameOf = ({ slug, title, language, direction }: Plan): CourseName => ({
  ...{ slug, title, language, direction },
})

export const stateOf = ({ db }: Pages, { plan, enrolment }: Standing): Promise<EnrolmentBody> =>
  enrolmentState(db.hot, plan, enrolment)
