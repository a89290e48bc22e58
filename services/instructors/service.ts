import { coursesClient } from '@colonnade/courses/contract'
import { forgetOldKeys, ping } from '@colonnade/db'
import {
  Api,
  answerError,
  type FastAnswer,
  type FragmentAnswer,
  type FragmentRequest,
  type FragmentSpec,
  fastJson,
  idInPath,
  mountFragments,
  mountInternals,
  readPeople,
  type ServiceDefinition,
} from '@colonnade/http'
import { defaultLanguage, findLanguage, type Translator, translator } from '@colonnade/ui'
import { mountInstructors, tagsOf } from './api/instructors.ts'
import { mountInternal } from './api/internal.ts'
import { mountOrganisations } from './api/organisations.ts'
import { writing } from './api/scope.ts'
import { mountTestimonials } from './api/testimonials.ts'
import { renderOfferedBy, renderTeachers, renderTestimonials } from './fragments/course.tsx'
import { renderProfile } from './fragments/profile.tsx'
import { findCourseInstructors } from './queries/instructors.ts'
import {
  findShownInstructor,
  listShownOrganisations,
  listShownTeachers,
  listShownTestimonials,
  listTaught,
} from './queries/shown.ts'

const fragments = {
  instructors: {
    params: ['course'],
    budget: 400,
    away: { message: 'away.instructors', height: 240 },
    keep: true,
  },
  'offered-by': {
    params: ['course'],
    budget: 400,
    away: { message: 'away.offered-by', height: 160 },
    keep: true,
  },
  testimonials: {
    params: ['course'],
    budget: 400,
    away: { message: 'away.testimonials', height: 320 },
    keep: true,
  },
  profile: {
    params: ['id'],
    budget: 600,
    away: { message: 'away.instructors', height: 480 },
    keep: true,
  },
} satisfies Record<string, FragmentSpec>

const hour = 3_600_000
const courseInstructors = /^\/api\/courses\/([1-9]\d{0,15})\/instructors$/

/** Who teaches and who offers a course, and what people say about it. */
export const instructors: ServiceDefinition = {
  name: 'instructors',
  routes: [
    '/api/instructors',
    '/api/instructors/:id',
    '/api/courses/:id/instructors',
    '/api/courses/:id/instructors/primary',
    '/api/organisations',
    '/api/organisations/:id',
    '/api/courses/:id/organisations',
    '/api/courses/:id/testimonials',
    '/api/testimonials/:id',
  ],
  kept: [
    '/api/instructors/:id',
    '/api/courses/:id/instructors',
    '/api/courses/:id/instructors/primary',
    '/api/courses/:id/organisations',
    '/api/courses/:id/testimonials',
  ],
  scopes: [writing],
  fragments,
  pages: { instructor: { path: '/instructors/:id', params: [] } },
  sections: [
    { page: 'course', fragment: 'instructors', place: 40 },
    { page: 'course', fragment: 'offered-by', place: 50 },
    { page: 'course', fragment: 'testimonials', place: 60 },
    { page: 'instructor', fragment: 'profile', place: 10, decides: true },
  ],
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  open(context) {
    const { db, trust, log } = context
    const courses = coursesClient(context.peer('courses'), trust)
    const api = new Api(context.operatorToken, readPeople(context.peer('accounts')))
    mountInstructors(api, context)
    mountOrganisations(api, context)
    mountTestimonials(api, context)
    mountInternals(api.app, { trust, openApi: () => api.openApi(), ready: () => ping(db) })
    mountInternal(api.app, context)
    const fragment = mountFragments(api.app, { name: 'instructors', fragments }, context.assets, {
      instructors: ofCourse((id) => listShownTeachers(db.hot, id), renderTeachers),
      'offered-by': ofCourse((id) => listShownOrganisations(db.hot, id), renderOfferedBy),
      testimonials: ofCourse((id) => listShownTestimonials(db.hot, id), renderTestimonials),
      async profile({ params, lang }) {
        const id = idInPath.safeParse(params.id)
        if (!id.success) return { status: 404 }
        const person = await findShownInstructor(db.hot, id.data)
        if (!person) return { status: 404, tags: [`instructor:${id.data}`] }
        return renderProfile(person, await taughtBy(id.data), translatorOf(lang))
      },
    })

    /** What they teach, in their order; undefined while courses are away. */
    async function taughtBy(id: number) {
      const taught = await listTaught(db.hot, id)
      if (taught.length === 0) return []
      try {
        const titles = await courses.listTitles(taught.map(({ courseId }) => courseId))
        return taught.flatMap(({ courseId, role }) =>
          titles.filter((title) => title.id === courseId).map((title) => ({ ...title, role })),
        )
      } catch {
        return undefined
      }
    }

    const forget = setInterval(() => {
      forgetOldKeys(db.work, 'instructors').catch((err) =>
        log.warn({ err }, 'old keys not removed'),
      )
    }, hour)
    forget.unref()

    return {
      app: api.app,
      fragment,
      ready: () => ping(db),
      fast(path) {
        const id = Number(courseInstructors.exec(path)?.[1])
        return Number.isSafeInteger(id) ? fastCourseInstructors(id) : undefined
      },
      async close() {
        clearInterval(forget)
      },
    }

    async function fastCourseInstructors(id: number): Promise<FastAnswer> {
      try {
        const { document, ids } = await findCourseInstructors(db.hot, id)
        return fastJson(document, tagsOf(id, ids))
      } catch (error) {
        const answer = answerError(error, log)
        return {
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: await answer.text(),
        }
      }
    }
  },
}

const translatorOf = (lang: string) => translator(findLanguage(lang) ?? defaultLanguage)

/** A fragment about one course; whether there is such a course is not ours to say. */
function ofCourse<Row>(
  list: (courseId: number) => Promise<Row[]>,
  render: (courseId: number, rows: Row[], t: Translator) => FragmentAnswer,
) {
  return async ({ params, lang }: FragmentRequest): Promise<FragmentAnswer> => {
    const id = idInPath.safeParse(params.course)
    if (!id.success) return { status: 404 }
    return render(id.data, await list(id.data), translatorOf(lang))
  }
}
