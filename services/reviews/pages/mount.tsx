import { accountsClient } from '@colonnade/accounts/contract'
import { type CourseTitle, coursesClient } from '@colonnade/courses/contract'
import {
  changedHeader,
  idInPath,
  type Person,
  publicOriginOf,
  readPeople,
  type ServiceContext,
  uuidv7,
} from '@colonnade/http'
import { learningClient } from '@colonnade/learning/contract'
import { mountPersonal, onlyFor, readForm, refused, type Visit } from '@colonnade/personal'
import type { Hono } from 'hono'
import { changedReview } from '../api/schemas.ts'
import { ownReviewPath } from '../contract.ts'
import { findOwnReview, putOwnReview, removeOwnReview } from '../queries/own.ts'
import { type OwnReviewData, OwnReviewPage } from './own-review.tsx'
import { ownReview } from './paths.ts'

const largestForm = 64 * 1024

/** The page on which an enrolled learner writes their review. Who wrote one may change it, enrolled or not. */
export function mountOwnReview(app: Hono, context: ServiceContext): void {
  const { db, nudge, trust, peer, env, assets } = context
  const people = readPeople(peer('accounts'))
  const courses = coursesClient(peer('courses'), trust)
  const learning = learningClient(peer('learning'), trust)
  const accounts = accountsClient(peer('accounts'), trust)

  const withCourse = (
    handle: (visit: Visit, person: Person, data: OwnReviewData) => Promise<Response>,
  ) =>
    onlyFor(people, ['learner'], async (visit, person, params) => {
      const id = idInPath.safeParse(params.id)
      const course = id.success ? await findTitle(id.data) : undefined
      if (!course) return refused(visit, 404)
      const [review, enrolments] = await Promise.all([
        findOwnReview(db.hot, course.id, person.id),
        learning.listEnrolments(person.id, course.id),
      ])
      return await handle(visit, person, { course, review, learns: enrolments.length > 0 })
    })

  async function findTitle(id: number): Promise<CourseTitle | undefined> {
    const [course] = await courses.listTitles([id])
    return course
  }

  mountPersonal(app, ownReview, {
    frame: { name: 'review', assets },
    origin: publicOriginOf(env),
    get: withCourse(async (visit, _, data) => show(visit, data)),
    post: withCourse(async (visit, person, data) => {
      const { course, learns, review } = data
      const { fields } = await readForm(visit.request, largestForm)
      const changed = new Headers(changedHeader([`reviews-of:${course.id}`]))
      if (fields.has('remove')) {
        await db.work.begin((tx) => removeOwnReview(tx, course.id, person.id))
        nudge()
        return visit.goTo(ownReviewPath(course.id), changed)
      }
      if (!learns && !review) return refused(visit, 403)
      const sent = { stars: fields.get('stars'), text: fields.get('text') ?? '' }
      const [author] = await accounts.listPeople([person.id])
      const given = changedReview.safeParse({
        author: author?.name,
        stars: Number(sent.stars),
        text: sent.text.replaceAll('\r\n', '\n').trim(),
      })
      if (!given.success) {
        const isStars = given.error.issues.some(({ path }) => path[0] === 'stars')
        const wrong = { ...sent, wrong: isStars ? ('stars' as const) : ('text' as const) }
        return show(visit, { ...data, sent: wrong }, 422)
      }
      const row = { ...given.data, id: uuidv7(), learner: person.id }
      await db.work.begin((tx) => putOwnReview(tx, course.id, row))
      nudge()
      return visit.goTo(`/learn/${encodeURIComponent(course.slug)}#reviews`, changed)
    }),
  })
}

function show(visit: Visit, data: OwnReviewData, status = 200): Response {
  const { t, local } = visit
  const title = `${t.t('reviews.own.title')} · ${data.course.title}`
  return visit.page(<OwnReviewPage data={data} local={local} t={t} />, title, { status })
}
