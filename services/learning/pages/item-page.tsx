import { lessonPath } from '@colonnade/courses/contract'
import { Problem } from '@colonnade/http'
import { readForm, type Visit } from '@colonnade/personal'
import { ask } from '@colonnade/questions'
import { readAttempt } from '../attempting.ts'
import { heldMarks, sumOf } from '../grading/marks.ts'
import type { Plan } from '../plan.ts'
import { type Attempt, listAttemptsOf, listMarks } from '../queries/attempts.ts'
import { attemptState } from '../state/attempt.ts'
import { listWaiting } from '../state/enrolment.ts'
import { answerByForm, largestForm, type Told } from './answering.ts'
import { dueOf, kindOf } from './course-page.tsx'
import { ItemPage } from './item.tsx'
import type { AttemptLine, ItemData } from './model.ts'
import { nothingHere } from './nothing-here.tsx'
import type { Pages } from './open.ts'
import { attemptPath, itemPath } from './paths.ts'
import { shownAttempt } from './shown-attempt.ts'
import { type Standing, stateOf } from './standing.ts'

const tellings = [
  ...(['saved', 'conflict', 'late', 'none-left'] as const),
  ...(['file-large', 'files-many', 'form-large'] as const),
]

/** A graded item: its terms, and the attempt that runs, or the one that is asked for. */
export async function showItem(
  pages: Pages,
  visit: Visit,
  standing: Standing,
  key: string,
): Promise<Response> {
  const { plan, enrolment, course } = standing
  const asked = visit.query.get('attempt')
  // What runs beyond its time is ended before anything of it is shown.
  for (const { id } of await listAttemptsOf(pages.db.hot, enrolment.id, key)) {
    await readAttempt(pages, id)
  }
  const [state, attempts, zone] = await Promise.all([
    stateOf(pages, standing),
    listAttemptsOf(pages.db.hot, enrolment.id, key),
    pages.zoneOf(enrolment.person),
  ])
  const item = state.items.find((one) => one.key === key)
  const planned = plan.items.get(key)
  const lesson = planned && plan.lessons.get(planned.lesson)
  if (!item || !planned?.quiz || !lesson) return nothingHere(visit)
  const chosen = asked
    ? attempts.find(({ id }) => id === asked)
    : attempts.find(({ endedAt }) => endedAt === null)
  if (asked && !chosen) return nothingHere(visit)
  const left = item.attempts === null ? null : Math.max(0, item.attempts - attempts.length)
  const told = tellings.find((one) => one === visit.query.get('told'))
  const data: ItemData = {
    course,
    enrolment: enrolment.id,
    person: enrolment.person,
    item: {
      ...{ key, title: planned.title, kind: kindOf(plan, key) },
      ...sizeOf(plan, key),
      attempts: item.attempts,
      minutes: item.minutes,
    },
    lesson: { title: lesson.title, href: lessonPath(plan.slug, lesson.slug) },
    due: dueOf(plan, enrolment, item),
    zone,
    rule: plan.policy.attempt,
    attempts: await linesOf(pages, attempts),
    attemptsLeft: left,
    shut: item.running !== null ? 'running' : left === 0 ? 'none-left' : null,
    shown: chosen ? await shown(pages, standing, chosen) : null,
    now: new Date(),
    ...(told ? { told } : {}),
  }
  const { t, local } = visit
  const title = `${planned.title} · ${plan.title}`
  return visit.page(<ItemPage data={data} t={t} local={local} />, title)
}

async function shown({ db, plans }: Pages, { enrolment, plan }: Standing, attempt: Attempt) {
  const own =
    attempt.revision === plan.revision ? plan : await plans.of(enrolment.courseId, attempt.revision)
  if (!own) throw new Problem(503, 'The course does not answer. Try again in a moment.')
  const quiz = own.items.get(attempt.item)?.quiz
  const questions = quiz ? ask(quiz, attempt.seed).questions : []
  return await shownAttempt(db.hot, await attemptState(db.hot, own, attempt), questions)
}

/** Points are not known before the draw, where questions are drawn and not all are worth the same. */
function sizeOf(plan: Plan, key: string): { questions: number; points: number | null } {
  const quiz = plan.items.get(key)?.quiz
  if (!quiz) return { questions: 0, points: null }
  const all = quiz.questions.map(({ points }) => points)
  const questions = Math.min(quiz.draw ?? all.length, all.length)
  if (questions === all.length) return { questions, points: all.reduce((a, b) => a + b, 0) }
  const same = all.every((points) => points === all[0])
  return { questions, points: same ? questions * (all[0] ?? 0) : null }
}

async function linesOf({ db }: Pages, attempts: readonly Attempt[]): Promise<AttemptLine[]> {
  const waiting = await listWaiting(db.hot, attempts)
  const given = await listMarks(
    db.hot,
    attempts.map(({ id }) => id),
  )
  return attempts.map((one) => ({
    ...{ id: one.id, number: one.number, startedAt: one.startedAt },
    ...{ endedAt: one.endedAt, endsAt: one.endsAt, endedBy: one.endedBy },
    points: sumOf(
      heldMarks(
        one.marks ?? [],
        given.filter(({ attemptId }) => attemptId === one.id),
      ),
    ),
    of: one.outOf ?? 0,
    waiting: waiting.get(one.id) ?? 0,
  }))
}

/** What a form of the item asks for: to start, to keep answers, or to hand them in. */
export async function changeItem(
  pages: Pages,
  visit: Visit,
  standing: Standing,
  key: string,
): Promise<Response> {
  const { course, enrolment } = standing
  const back = itemPath(course.slug, key)
  const form = await readForm(visit.request, largestForm).catch(tooLarge)
  if (!form) return visit.goTo(`${back}?told=form-large`)
  const id = form.fields.get('_attempt') ?? ''
  const tell = (told: Told | undefined, path = back) =>
    visit.goTo(told ? `${path}${path.includes('?') ? '&' : '?'}told=${told}` : path)
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) return nothingHere(visit)
  if (form.fields.get('_do') === 'start') {
    try {
      await pages.start({ enrolment: enrolment.id, id, item: key })
      return visit.goTo(back)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409) throw error
      return tell('none-left')
    }
  }
  const attempt = await readAttempt(pages, id)
  if (attempt?.enrolmentId !== enrolment.id || attempt.item !== key) return nothingHere(visit)
  const { told, isOver } = await answerByForm(pages, standing, attempt, form)
  return tell(told, isOver ? attemptPath(course.slug, key, id) : back)
}

function tooLarge(error: unknown): undefined {
  if (!(error instanceof Problem) || error.status !== 413) throw error
}
