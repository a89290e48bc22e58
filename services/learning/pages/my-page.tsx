import type { Person } from '@colonnade/http'
import type { Visit } from '@colonnade/personal'
import type { MyCourse } from './model.ts'
import { MyPage } from './my.tsx'
import { nextStep } from './next-step.ts'
import type { Pages } from './open.ts'
import { calendarPath, itemPath } from './paths.ts'
import { findCalendar } from './queries.ts'
import { listStandings, type Standing, stateOf } from './standing.ts'

/** My courses. */
export async function showMine(pages: Pages, visit: Visit, person: Person): Promise<Response> {
  const { t, local } = visit
  const [standings, token, zone] = await Promise.all([
    listStandings(pages, person.id),
    findCalendar(pages.db.hot, person.id),
    pages.zoneOf(person.id),
  ])
  const courses = await Promise.all(standings.map((standing) => courseOf(pages, standing)))
  const calendar = token ? pages.origin + local(calendarPath(token)) : null
  const data = { courses, calendar, zone }
  return visit.page(<MyPage data={data} t={t} local={local} />, t.t('learn.my.title'))
}

async function courseOf(pages: Pages, standing: Standing): Promise<MyCourse> {
  const { plan, enrolment, course } = standing
  const state = await stateOf(pages, standing)
  const due = state.next && plan.items.get(state.next.item)
  return {
    ...course,
    lessons: state.lessons,
    done: state.done.length,
    next: nextStep(plan, state),
    due:
      due && state.next
        ? {
            title: due.title,
            href: itemPath(plan.slug, due.key),
            at: new Date(state.next.due),
          }
        : null,
    completedAt: enrolment.completedAt,
    certificate: state.certificate,
  }
}
