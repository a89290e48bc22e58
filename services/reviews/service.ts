import { forgetOldKeys, ping } from '@colonnade/db'
import {
  Api,
  type FragmentAnswer,
  type FragmentRequest,
  type FragmentSpec,
  idInPath,
  mountFragments,
  mountInternals,
  mountPersonalData,
  readPeople,
  type ServiceDefinition,
} from '@colonnade/http'
import { defaultLanguage, findLanguage, translator } from '@colonnade/ui'
import { z } from 'zod'
import { mountInternal } from './api/internal.ts'
import { keepsOf } from './api/people.ts'
import { mountReviews } from './api/reviews.ts'
import { sort } from './api/schemas.ts'
import { writing } from './api/scope.ts'
import { mountVotes } from './api/votes.ts'
import { renderReviews } from './fragments/reviews.tsx'
import { mountOwnReview } from './pages/mount.tsx'
import { ownReview } from './pages/paths.ts'
import { findPlace, type Place } from './queries/reviews.ts'
import { listShownReviews } from './queries/shown.ts'
import { findSummary } from './queries/summaries.ts'

const fragments = {
  reviews: {
    // `reviews` is the review after which the page begins: the name it has in the course page's address.
    params: ['course', 'reviews', 'sort'],
    budget: 400,
    away: { message: 'away.reviews', height: 480 },
    keep: true,
  },
} satisfies Record<string, FragmentSpec>

/**
 * What counts as asked for. Anything else is 404, and not the first page: the proxy keeps a copy of every answer, and
 * made-up addresses must not fill its disk.
 */
const asked = z.object({
  course: idInPath,
  reviews: z.uuid().optional(),
  sort: sort.default('newest'),
})

const hour = 3_600_000
const shownAtOnce = 6

/** What learners say about a course, and what it comes to. */
export const reviews: ServiceDefinition = {
  name: 'reviews',
  routes: [
    '/api/courses/:id/reviews',
    '/api/courses/:id/reviews/summary',
    '/api/reviews/:id',
    '/api/reviews/:id/helpful',
  ],
  personal: [ownReview],
  kept: ['/api/courses/:id/reviews', '/api/courses/:id/reviews/summary'],
  scopes: [writing],
  people: true,
  fragments,
  sections: [{ page: 'course', fragment: 'reviews', place: 70 }],
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  open(context) {
    const { db, trust, log } = context
    const api = new Api(context.operatorToken, readPeople(context.peer('accounts')))
    mountReviews(api, context)
    mountVotes(api, context)
    mountInternals(api.app, { trust, openApi: () => api.openApi(), ready: () => ping(db) })
    mountInternal(api.app, context)
    mountPersonalData(api.app, keepsOf(context))
    mountOwnReview(api.app, context)
    const fragment = mountFragments(api.app, { name: 'reviews', fragments }, context.assets, {
      reviews: showReviews,
    })

    async function showReviews({ params, lang }: FragmentRequest): Promise<FragmentAnswer> {
      const request = asked.safeParse(params)
      if (!request.success) return { status: 404 }
      const { course: courseId, reviews: last, sort: order } = request.data
      const tags = [`reviews-of:${courseId}`]
      const listAfter = (after?: Place) =>
        listShownReviews(db.hot, courseId, { sort: order, after, limit: shownAtOnce + 1 })
      const listLater = async (review: string) => {
        const place = await findPlace(db.hot, courseId, review)
        return place && (await listAfter(place))
      }
      // Both at once: on one connection that is one way there and one back.
      const [summary, rows] = await Promise.all([
        findSummary(db.hot, courseId),
        last ? listLater(last) : listAfter(),
      ])
      if (!summary) return { status: 204, tags }
      if (!rows) return { status: 404, tags }
      const page = rows.slice(0, shownAtOnce)
      return renderReviews(
        {
          courseId,
          summary,
          reviews: page,
          sort: order,
          later: last !== undefined,
          next: rows.length > shownAtOnce ? (page.at(-1)?.id ?? null) : null,
        },
        translator(findLanguage(lang) ?? defaultLanguage),
      )
    }

    const forget = setInterval(() => {
      forgetOldKeys(db.work, 'reviews').catch((err) => log.warn({ err }, 'old keys not removed'))
    }, hour)
    forget.unref()

    return {
      app: api.app,
      fragment,
      ready: () => ping(db),
      async close() {
        clearInterval(forget)
      },
    }
  },
}
