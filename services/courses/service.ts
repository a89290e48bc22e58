import { forgetOldKeys, ping } from '@colonnade/db'
import {
  Api,
  type FragmentRequest,
  type FragmentSpec,
  mountFragments,
  mountInternals,
  mountPersonalData,
  readPeople,
  type ServiceDefinition,
} from '@colonnade/http'
import { defaultLanguage, findLanguage, type Translator, translator } from '@colonnade/ui'
import { addCourses } from './api/courses.ts'
import { mountFiles } from './api/files.ts'
import { addImports } from './api/imports.ts'
import { mountForOthers, readIds, storable } from './api/internal.ts'
import { keepsOf } from './api/people.ts'
import { writing } from './api/scope.ts'
import { readCatalogueQuery } from './catalogue/query.ts'
import { openCatalogue } from './catalogue/search.ts'
import { lessonPath } from './contract.ts'
import { mountDesk } from './desk/desk.ts'
import { patient, personal } from './desk/paths.ts'
import { renderAbout } from './fragments/about.tsx'
import { renderBanner } from './fragments/banner.tsx'
import { renderCatalogue } from './fragments/catalogue.tsx'
import { renderLesson } from './fragments/lesson.tsx'
import { renderQuiz } from './fragments/quiz.tsx'
import { renderTaught } from './fragments/row.tsx'
import { renderSyllabus } from './fragments/syllabus.tsx'
import { openImporter } from './publishing/importer.ts'
import { findCourse, findCourseDetail, listCoursesById } from './queries/course.ts'
import { findLesson, findMovedLesson, findSyllabus } from './queries/lesson.ts'
import { longestAnswers } from './quizzes/longest.ts'
import { mountQuizzes } from './quizzes/post.ts'

const searchParams = ['q', 'level', 'language', 'subject', 'length', 'sort', 'cursor'] as const

const fragments = {
  banner: {
    params: ['course'],
    budget: 400,
    away: { message: 'away.banner', height: 640 },
    keep: true,
  },
  about: {
    params: ['course'],
    budget: 400,
    away: { message: 'away.about', height: 480 },
    keep: true,
  },
  syllabus: {
    params: ['course'],
    budget: 400,
    away: { message: 'away.syllabus', height: 480 },
    keep: true,
  },
  lesson: {
    params: ['course', 'lesson'],
    budget: 500,
    away: { message: 'away.lesson', height: 800 },
    keep: true,
  },
  quiz: {
    params: ['course', 'lesson', 'quiz', 'seed', 'answers'],
    longest: longestAnswers,
    budget: 500,
    away: { message: 'away.lesson', height: 480 },
  },
  home: { params: [], budget: 800, away: { message: 'away.catalogue', height: 800 }, keep: true },
  catalogue: {
    params: searchParams,
    budget: 800,
    away: { message: 'away.catalogue', height: 800 },
  },
  taught: { params: ['courses'], budget: 400, away: { message: 'away.catalogue', height: 240 } },
} satisfies Record<string, FragmentSpec>

const shownAtOnce = 20
const hour = 3_600_000

/** Courses, their lessons and the catalogue of them. */
export const courses: ServiceDefinition = {
  name: 'courses',
  routes: [
    '/api/courses',
    '/api/courses/:id',
    '/api/courses/:id/syllabus',
    '/api/courses/:id/report',
    '/api/courses/:id/export',
    '/api/imports',
    '/api/samples',
    '/learn/:slug/picture.png',
    '/learn/:slug/files/*',
    '/learn/:slug/lessons/:lesson/quizzes/:quiz/answers',
  ],
  personal,
  people: true,
  patient: ['/api/imports', ...patient],
  kept: ['/api/courses/:id', '/api/courses/:id/syllabus'],
  scopes: [writing],
  fragments,
  pages: {
    home: { path: '/', params: [] },
    catalogue: { path: '/courses', params: searchParams },
    course: { path: '/learn/:slug', params: ['reviews', 'sort'] },
    lesson: { path: '/learn/:slug/lessons/:lesson', params: [] },
    quiz: { path: '/learn/:slug/lessons/:lesson/quizzes/:quiz', params: ['seed', 'answers'] },
  },
  sections: [
    { page: 'home', fragment: 'home', place: 10, width: 'wide', decides: true },
    { page: 'catalogue', fragment: 'catalogue', place: 10, width: 'wide', decides: true },
    { page: 'course', fragment: 'banner', place: 10, width: 'wide', decides: true },
    { page: 'course', fragment: 'about', place: 20 },
    { page: 'course', fragment: 'syllabus', place: 30 },
    { page: 'lesson', fragment: 'lesson', place: 10, width: 'wide', decides: true },
    { page: 'quiz', fragment: 'quiz', place: 10, width: 'wide', decides: true },
  ],
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  hears: ['reviews.changed', 'teaching.changed', 'learning.enrolled'],
  open(context) {
    const { db } = context
    const api = new Api(context.operatorToken, readPeople(context.peer('accounts')))
    const search = openCatalogue(db.work)
    addCourses(api, db, search)
    const importer = openImporter(context)
    addImports(api, context, importer)
    mountDesk(api.app, context, importer)
    mountFiles(api.app, context)
    mountQuizzes(api.app, db)
    mountInternals(api.app, {
      trust: context.trust,
      openApi: () => api.openApi(),
      ready: () => ping(db),
    })
    mountForOthers(api.app, context)
    mountPersonalData(api.app, keepsOf(context))
    const fragment = mountFragments(api.app, { name: 'courses', fragments }, context.assets, {
      banner: ofCourse((id) => findCourse(db.hot, id), renderBanner),
      about: ofCourse((id) => findCourseDetail(db.hot, id), renderAbout),
      syllabus: ofCourse((id) => findSyllabus(db.work, id), renderSyllabus),
      async lesson(request) {
        const id = idOf(request)
        const slug = storable(request.params.lesson ?? '')
        if (id === undefined || !slug) return { status: 404 }
        const tags = [`course:${id}`]
        const lesson = await findLesson(db.hot, id, slug)
        if (lesson) return renderLesson(lesson, translatorOf(request))
        const moved = await findMovedLesson(db.work, id, slug)
        if (!moved) return { status: 404, tags }
        return { status: 301, location: lessonPath(moved.courseSlug, moved.slug), tags }
      },
      async quiz(request) {
        const id = idOf(request)
        const { lesson: slug = '', quiz: key = '', seed = '', answers = '' } = request.params
        const lesson =
          id !== undefined && storable(slug) ? await findLesson(db.hot, id, slug) : undefined
        const quiz = lesson?.quizzes.find((one) => one.key === key)
        // What counts is marked on the learner's own page, and its answers are nobody's else.
        const counts = lesson?.graded.some((one) => one.quiz === key)
        if (!lesson || !quiz || counts) return { status: 404 }
        return renderQuiz(quiz, { seed: seed.slice(0, 40), answers }, lesson, translatorOf(request))
      },
      home: (request) => catalogue(request, true),
      catalogue: (request) => catalogue(request, false),
      async taught(request) {
        const ids = readIds(request.params.courses)
        return renderTaught(ids, await listCoursesById(db.hot, ids), translatorOf(request))
      },
    })

    async function catalogue(request: FragmentRequest, home: boolean) {
      const t = translatorOf(request)
      const query = readCatalogueQuery(request.params)
      const found = await search(query, shownAtOnce)
      return renderCatalogue({ found, query, t, home })
    }

    const forget = setInterval(() => {
      forgetOldKeys(db.work, 'courses').catch((err) =>
        context.log.warn({ err }, 'old keys not removed'),
      )
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

const translatorOf = ({ lang }: FragmentRequest) =>
  translator(findLanguage(lang) ?? defaultLanguage)

const idOf = ({ params }: FragmentRequest) => readIds(params.course)[0]

/** A fragment of one course: 404 when there is no such course. */
function ofCourse<Data, Answer>(
  find: (id: number) => Promise<Data | undefined>,
  render: (data: Data, t: Translator) => Answer,
) {
  return async (request: FragmentRequest) => {
    const id = idOf(request)
    if (id === undefined) return { status: 404 as const }
    const data = await find(id)
    if (!data) return { status: 404 as const, tags: [`course:${id}`] }
    return render(data, translatorOf(request))
  }
}
