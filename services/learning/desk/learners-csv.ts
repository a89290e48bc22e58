import { type Learner, listLearners } from '../queries/teaching.ts'
import { csvOf } from '../teaching/csv.ts'
import type { AtCourse } from './at-course.ts'
import { stateOf } from './learners-page.tsx'
import { namesOf } from './names.ts'

const readAtOnce = 2000

/** All learners of the course as CSV, with the columns of the page: figures as numbers, instants in UTC. */
export async function exportLearners(at: AtCourse): Promise<Response> {
  const { visit, plan, db } = at
  const { t } = visit
  const learners: Learner[] = []
  let part: Learner[]
  do {
    const after = learners.at(-1)?.enrolment ?? '00000000-0000-0000-0000-000000000000'
    part = await listLearners(db.work, plan.courseId, { after, limit: readAtOnce })
    learners.push(...part)
  } while (part.length === readAtOnce)
  const names = await namesOf(at, learners)
  const heads = ['name', 'state', 'lessons', 'grade', 'seen'] as const
  const rows = learners.map((one) => [
    names.get(one.person) ?? t.t('desk.learners.nameless'),
    stateOf(one, t),
    one.done.length,
    one.share,
    one.lastAt?.toISOString() ?? null,
  ])
  return new Response(csvOf([heads.map((head) => t.t(`desk.learners.${head}`)), ...rows]), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${plan.slug}-learners.csv"`,
      'Cache-Control': 'no-store',
    },
  })
}
