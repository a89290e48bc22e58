import { Problem } from '@colonnade/http'
import { askToSignIn, type Handle, refused, type Visit } from '@colonnade/personal'
import { isText } from '../log/read.ts'
import type { Pages } from '../pages/open.ts'
import type { Plan } from '../plan.ts'
import { findKeptAt } from '../queries/plans.ts'

/** A teacher at a course of theirs: the published revision, of a hidden course the newest known here, and who they are. */
export type AtCourse = Pages & {
  visit: Visit
  plan: Plan
  /** Null for the operator. */
  teacher: string | null
  /** The time zone of the teacher's profile. */
  zone: string
  params: Readonly<Record<string, string>>
}

/** A page for who teaches the course of the address; others are asked to sign in, or told that it is not theirs. */
export function forTeachers(
  pages: Pages,
  handle: (at: AtCourse) => Response | Promise<Response>,
): Handle {
  return async (visit, params) => {
    if (!(await pages.personOf(visit.request))) return askToSignIn(visit)
    const slug = params.slug ?? ''
    const route = await pages.courses.findRoute(slug)
    if (route && 'movedTo' in route) {
      const { pathname } = new URL(visit.request.url)
      return visit.goTo(pathname.replace(`/${slug}/`, `/${route.movedTo}/`))
    }
    // Nothing is published at a hidden course's address; what was done in it is still to be marked.
    const kept = route || !isText(slug) ? undefined : await findKeptAt(pages.db.hot, slug)
    const teacher = await teacherOf(pages, visit.request, route?.id ?? kept?.courseId)
    if (teacher === undefined) return refused(visit, 403)
    const plan = route
      ? await pages.plans.latest(route.id)
      : kept && (await pages.plans.of(kept.courseId, kept.revision))
    if (!plan) return refused(visit, 404)
    const zone = teacher.id === null ? 'UTC' : await pages.zoneOf(teacher.id)
    return await handle({ ...pages, visit, plan, teacher: teacher.id, zone, params })
  }
}

/** Who may teach it; undefined for everybody else. */
async function teacherOf({ access }: Pages, request: Request, courseId: number | undefined) {
  try {
    return await access.teacher(request, courseId)
  } catch (error) {
    if (error instanceof Problem && error.status === 403) return undefined
    // A course that is not there is told as such by the caller.
    if (error instanceof Problem && error.status === 404) return { id: null }
    throw error
  }
}
