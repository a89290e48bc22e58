import type { Sql } from '@colonnade/db'
import { type Api, idInPath, Problem, tagsHeader, text } from '@colonnade/http'
import { teacher } from '@colonnade/instructors/contract'
import { z } from 'zod'
import { decodeCursor, filterFields, sorts, withDefaultSort } from '../catalogue/query.ts'
import type { Catalogue } from '../catalogue/search.ts'
import { type CourseDetail, findCourseDetail, findReport, type Listed } from '../queries/course.ts'
import { findSyllabus } from '../queries/lesson.ts'

const params = z.object({ id: idInPath })

const listedCourse = z.object({
  id: z.int(),
  slug: z.string(),
  title: z.string(),
  subtitle: z.string(),
  language: z.string(),
  subject: z.string(),
  level: z.string(),
  minutes: z.int(),
  lessons: z.int(),
  learners: z.int(),
  averageRating: z.number(),
  ratings: z.int(),
  teachers: z.array(teacher),
  sample: z.boolean(),
  publishedAt: z.iso.datetime(),
})

const detailedCourse = listedCourse.extend({
  revision: z.int(),
  effort: z.string(),
  keywords: z.array(z.string()),
  skills: z.array(z.string()),
  outcomes: z.array(z.string()),
  description: z.string(),
  licence: z.string(),
  attribution: z.string(),
  source: z.string(),
})

const syllabusBody = z.object({
  modules: z.array(
    z.object({
      id: z.int(),
      key: z.string(),
      title: z.string(),
      summary: z.string(),
      lessons: z.array(
        z.object({
          id: z.int(),
          slug: z.string(),
          title: z.string(),
          minutes: z.int(),
          items: z.array(
            z.object({
              id: z.int(),
              kind: z.enum(['video', 'reading', 'quiz', 'exercise', 'assignment']),
              title: z.string(),
              minutes: z.int(),
              anchor: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
})

export const reportLine = z.object({
  file: z.string(),
  line: z.int(),
  element: z.string(),
  outcome: z.enum(['exact', 'approximated', 'dropped']),
  why: z.string(),
  count: z.int(),
})

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many at most.'),
  cursor: z
    .string()
    .max(800)
    .optional()
    .describe('`next` of the page before, with the same query.'),
  q: text(200, 0)
    .default('')
    .describe('Words of the title, the skills, the description or a teacher.'),
  ...filterFields,
  sort: z.enum(sorts).optional(),
})

const conditional = {
  'If-None-Match': {
    description: 'The ETag of the version you have: 304 when it still is the one.',
  },
}

/** Adds what can be read of courses to the API. */
export function addCourses(api: Api, sql: { hot: Sql; work: Sql }, catalogue: Catalogue): void {
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses',
      operation: 'listCourses',
      summary: 'List and search the published courses',
      tag: 'courses',
      query: listQuery,
      answers: {
        200: {
          description: 'A page of courses.',
          body: z.object({ items: z.array(listedCourse), next: z.string().nullable() }),
        },
      },
    },
    async ({ query: { limit, cursor: given, ...query } }) => {
      const sort = withDefaultSort(query.q, query.sort)
      const cursor = given === undefined ? undefined : decodeCursor(given)
      if (given !== undefined && cursor?.sort !== sort) {
        throw new Problem(422, 'Take the cursor of the page before, with the same query.', [
          { path: '/cursor', message: 'is not a cursor of this list' },
        ])
      }
      const found = await catalogue({ ...query, sort, cursor }, limit)
      return Response.json({ items: found.rows.map(listedBody), next: found.next })
    },
  )
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id',
      operation: 'findCourse',
      summary: 'Read a published course',
      tag: 'courses',
      params,
      headers: conditional,
      answers: {
        200: { description: 'The course; its ETag is its version.', body: detailedCourse },
        304: { description: 'It is the version you have.' },
      },
    },
    async ({ params: { id }, request }) => {
      const course = await findCourseDetail(sql.hot, id)
      if (!course) throw new Problem(404, 'There is no such course.')
      return withTag(request, course, () => detailedBody(course))
    },
  )
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/syllabus',
      operation: 'findSyllabus',
      summary: 'Read a course’s modules, lessons and items',
      tag: 'courses',
      params,
      headers: conditional,
      answers: {
        200: { description: 'The syllabus, in order.', body: syllabusBody },
        304: { description: 'It is the version you have.' },
      },
    },
    async ({ params: { id }, request }) => {
      const syllabus = await findSyllabus(sql.work, id)
      if (!syllabus) throw new Problem(404, 'There is no such course.')
      return withTag(request, syllabus, () => ({ modules: syllabus.modules }))
    },
  )
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/report',
      operation: 'findReport',
      summary: 'Read what became of a course’s files when it was imported',
      tag: 'imports',
      params,
      answers: {
        200: {
          description: 'The loss report of the published revision.',
          body: z.object({
            revision: z.int(),
            createdAt: z.iso.datetime(),
            report: z.array(reportLine),
          }),
        },
      },
    },
    async ({ params: { id } }) => {
      const report = await findReport(sql.work, id)
      if (!report) throw new Problem(404, 'There is no such course.')
      return Response.json(report)
    },
  )
}

function withTag(
  request: Request,
  course: { id: number; version: number },
  body: () => unknown,
): Response {
  const etag = `"${course.version}"`
  const headers = {
    ETag: etag,
    'Cache-Control': 'no-cache',
    ...tagsHeader([`course:${course.id}`]),
  }
  const known = request.headers.get('if-none-match')?.split(/\s*,\s*/) ?? []
  if (known.some((one) => one === '*' || one.replace(/^W\//, '') === etag)) {
    return new Response(null, { status: 304, headers })
  }
  return Response.json(body(), { headers })
}

function listedBody(course: Listed): z.input<typeof listedCourse> {
  return {
    id: course.id,
    slug: course.slug,
    title: course.title,
    subtitle: course.subtitle,
    language: course.language,
    subject: course.subject,
    level: course.level,
    minutes: course.minutes,
    lessons: course.lessons,
    learners: course.learners,
    averageRating: course.ratingAverage,
    ratings: course.ratingCount,
    teachers: course.teachers,
    sample: course.sample,
    publishedAt: course.publishedAt.toISOString(),
  }
}

function detailedBody(course: CourseDetail): z.input<typeof detailedCourse> {
  return {
    ...listedBody(course),
    revision: course.revision,
    effort: course.effort,
    keywords: course.keywords,
    skills: course.skills,
    outcomes: course.outcomes,
    description: course.descriptionHtml,
    licence: course.licence,
    attribution: course.attribution,
    source: course.source,
  }
}
