import { type Handle, mountPersonal, readForm } from '@colonnade/personal'
import type { Hono } from 'hono'
import type { Pages } from '../pages/open.ts'
import { type AtCourse, forTeachers } from './at-course.ts'
import { markEssay, showEssay } from './essay-page.tsx'
import { showEssays } from './essays-page.tsx'
import { saveIntake, showIntake } from './intake-page.tsx'
import { extendLearner, showLearner } from './learner-page.tsx'
import { exportLearners } from './learners-csv.ts'
import { showLearners } from './learners-page.tsx'
import { showProgress } from './progress-page.tsx'

const largestForm = 128 * 1024

/** What who teaches a course sees and does about those who learn in it. */
export function mountDesk(app: Hono, pages: Pages): void {
  const { frame, origin } = pages
  const mount = (
    path: string,
    get: (at: AtCourse) => Promise<Response>,
    post?: (at: AtCourse, sent: URLSearchParams) => Promise<Response>,
  ) => {
    const handlers: { get: Handle; post?: Handle } = { get: forTeachers(pages, (at) => get(at)) }
    if (post) {
      handlers.post = forTeachers(pages, async (at) => {
        const { fields } = await readForm(at.visit.request, largestForm)
        return await post(at, fields)
      })
    }
    mountPersonal(app, path, { frame, origin, ...handlers })
  }
  mount('/teach/:slug/learners', showLearners)
  mount('/teach/:slug/learners.csv', exportLearners)
  mount('/teach/:slug/learners/:enrolment', (at) => showLearner(at), extendLearner)
  mount('/teach/:slug/progress', showProgress)
  mount('/teach/:slug/essays', showEssays)
  mount('/teach/:slug/essays/:attempt', (at) => showEssay(at), markEssay)
  mount('/teach/:slug/intake', (at) => showIntake(at), saveIntake)
}
