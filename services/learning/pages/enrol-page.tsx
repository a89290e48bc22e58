import { type Person, uuidv7 } from '@colonnade/http'
import { readForm, type Visit } from '@colonnade/personal'
import { type Bar, barOf, tryEnrol } from '../enrolling.ts'
import type { Plan } from '../plan.ts'
import { findEnrolmentOf } from '../queries/enrolments.ts'
import { findIntake, type Intake } from '../queries/intake.ts'
import { EnrolPage } from './enrol.tsx'
import type { EnrolData, EnrolState } from './model.ts'
import { nothingHere } from './nothing-here.tsx'
import type { Pages } from './open.ts'
import { enrolPath, myCoursePath } from './paths.ts'
import { nameOf } from './standing.ts'

/** What enrolling means, for everybody. */
export async function showEnrol(pages: Pages, visit: Visit, slug: string): Promise<Response> {
  const person = await pages.personOf(visit.request)
  return await show(pages, visit, slug, person)
}

/** Enrols, and leads to the course; or says why it did not. */
export async function enrolByForm(
  pages: Pages,
  visit: Visit,
  person: Person,
  slug: string,
): Promise<Response> {
  const { fields } = await readForm(visit.request, 10_000)
  const route = await pages.courses.findRoute(slug)
  if (!route || 'movedTo' in route) return await show(pages, visit, slug, person)
  const code = fields.get('code')?.slice(0, 200) ?? null
  const tried = await tryEnrol(pages, {
    ...{ id: uuidv7(), person: person.id, courseId: route.id },
    code,
  })
  if (typeof tried === 'string') return await show(pages, visit, slug, person, tried)
  return visit.goTo(myCoursePath(tried.plan.slug))
}

async function show(
  pages: Pages,
  visit: Visit,
  slug: string,
  person: Person | undefined,
  bar?: Bar,
): Promise<Response> {
  const { courses, plans, db } = pages
  const route = await courses.findRoute(slug)
  if (route && 'movedTo' in route) return visit.goTo(enrolPath(route.movedTo))
  const plan = route && (await plans.latest(route.id))
  if (!plan) return nothingHere(visit)
  const [intake, enrolment, zone] = await Promise.all([
    findIntake(db.hot, plan.courseId),
    person && findEnrolmentOf(db.hot, person.id, plan.courseId),
    person ? pages.zoneOf(person.id) : 'UTC',
  ])
  const isIn = enrolment !== undefined && enrolment.leftAt === null
  const data: EnrolData = {
    course: { ...nameOf(plan), subtitle: plan.subtitle, ...sizeOf(plan) },
    state: isIn ? 'enrolled' : stateOf(intake),
    startsAt: intake.startsAt,
    endsAt: intake.endsAt,
    seatsLeft: seatsLeft(intake),
    isSignedIn: person !== undefined,
    zone,
    ...(bar === 'code' ? { wrong: 'code' as const } : {}),
  }
  const status = bar === undefined ? 200 : bar === 'code' ? 422 : 409
  const { t, local } = visit
  const main = <EnrolPage data={data} t={t} local={local} />
  return visit.page(main, t.t('learn.enrol.title', { course: plan.title }), { status })
}

const seatsLeft = ({ seats, taken }: Intake) => (seats === null ? null : Math.max(0, seats - taken))

/** The same rules as `barOf`, told before a code was given. */
function stateOf(intake: Intake): EnrolState {
  const bar = barOf(intake, intake.code)
  if (bar === 'over') return 'ended'
  return bar ?? (intake.mode === 'code' ? 'code' : 'open')
}

function sizeOf({ modules, lessons }: Plan) {
  const minutes = [...lessons.values()].reduce((sum, lesson) => sum + lesson.minutes, 0)
  return { modules: modules.length, lessons: lessons.size, minutes }
}
