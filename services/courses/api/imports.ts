import { CourseError } from '@colonnade/format'
import {
  type Api,
  changedHeader,
  idInPath,
  isAway,
  noContent,
  PeerError,
  Problem,
  readBody,
  type ServiceContext,
} from '@colonnade/http'
import { z } from 'zod'
import { exportCourse } from '../publishing/export.ts'
import { type Importer, largestArchive } from '../publishing/importer.ts'
import { nobody, tellOfCourses } from '../publishing/publish.ts'
import { listSamples, unpublishCourse } from '../queries/publish.ts'
import { reportLine } from './courses.ts'
import { writing } from './scope.ts'

const imported = z.object({
  course: z.object({ id: z.int(), slug: z.string(), title: z.string() }),
  revision: z.int(),
  unchanged: z.boolean(),
  report: z.array(reportLine),
})

const params = z.object({ id: idInPath })

/** Adds what changes courses to the API: importing, taking off the site, and its counterpart, exporting. */
export function addImports(api: Api, { db, nudge }: ServiceContext, importer: Importer): void {
  const { publisher } = importer
  api.endpoint(
    {
      method: 'post',
      path: '/api/imports',
      operation: 'importCourse',
      summary: 'Import a course folder as the course’s next revision',
      description:
        'The body is a zip archive of a course folder. The course is known again by the `id` of its colonnade/course.yaml, else by its slug, or by `course`.',
      tag: 'imports',
      operator: true,
      scope: writing,
      rawBody: ['application/zip'],
      query: z.object({
        course: idInPath
          .optional()
          .describe('The course to make a revision of, whatever its slug.'),
      }),
      answers: {
        200: { description: 'A new revision, or the same as before.', body: imported },
        201: { description: 'A new course.', body: imported },
      },
      problems: [400, 404, 409],
    },
    async ({ request, query }) => {
      const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
      if (type !== 'application/zip' && type !== 'application/x-zip-compressed') {
        throw new Problem(415, 'Send a zip archive, with Content-Type: application/zip.')
      }
      const zip = await readBody(request, largestArchive)
      const { published, source, report } = await orProblem(importer.publish(zip, query.course))
      const { id, slug, revision, unchanged, created } = published
      return Response.json(
        { course: { id, slug, title: source.title }, revision, unchanged, report },
        {
          status: created ? 201 : 200,
          headers: { Location: `/api/courses/${id}`, ...changedHeader(changedOf(id)) },
        },
      )
    },
  )
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/export',
      operation: 'exportCourse',
      summary: 'Export a course as a folder that imports identically',
      description: 'The answers of its quizzes are in it.',
      tag: 'imports',
      operator: true,
      params,
      answers: { 200: { description: 'A zip archive.' } },
    },
    async ({ params: { id } }) => {
      const exported = await exportCourse(db.work, id)
      if (!exported) throw new Problem(404, 'There is no such course.')
      return new Response(exported.zip, {
        headers: {
          'Content-Type': 'application/zip',
          'Content-Disposition': `attachment; filename="${exported.slug}.zip"`,
          'X-Content-Type-Options': 'nosniff',
        },
      })
    },
  )
  api.endpoint(
    {
      method: 'delete',
      path: '/api/courses/:id',
      operation: 'unpublishCourse',
      summary: 'Take a course off the site',
      description: 'Nothing of it is deleted; importing it again brings it back.',
      tag: 'courses',
      operator: true,
      scope: writing,
      params,
      answers: { 204: { description: 'It is off the site.' } },
    },
    async ({ params: { id } }) => {
      const was = await db.work.begin(async (tx) => {
        const published = await unpublishCourse(tx, id)
        if (published) await tellOfCourses(tx, [id])
        return published
      })
      if (!was) throw new Problem(404, 'There is no such course.')
      nudge()
      return noContent(changedOf(id))
    },
  )
  api.endpoint(
    {
      method: 'delete',
      path: '/api/samples',
      operation: 'removeSamples',
      summary: 'Take the sample courses, their people and their reviews off the site',
      tag: 'imports',
      operator: true,
      scope: writing,
      answers: {
        200: {
          description: 'The courses that were taken off.',
          body: z.object({ removed: z.array(z.object({ id: z.int(), slug: z.string() })) }),
        },
      },
    },
    async () => {
      const removed = await listSamples(db.work)
      for (const { id } of removed) {
        await orProblem(publisher.instructors.putTeaching(id, nobody))
        await orProblem(publisher.reviews.putExamples(id, []))
        await db.work.begin(async (tx) => {
          if (await unpublishCourse(tx, id)) await tellOfCourses(tx, [id])
        })
        nudge()
      }
      return Response.json(
        { removed },
        { headers: changedHeader(removed.flatMap(({ id }) => changedOf(id))) },
      )
    },
  )
}

/** Cache tags of all that a course's folder brings. */
export const changedOf = (id: number) => [
  `course:${id}`,
  `teachers-of:${id}`,
  `reviews-of:${id}`,
  'catalogue:all',
]

/** What is wrong with the folder is 422 and says where; a service that is away is 503. */
async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof CourseError) {
      throw new Problem(
        422,
        error.message,
        [error, ...error.others].map(({ file, line, problem }) => ({
          path: `/${file}:${line}`,
          message: problem,
        })),
      )
    }
    if (error instanceof PeerError && error.status === 422) {
      throw new Problem(422, `Another service refused a part of it: ${error.detail}`)
    }
    if (error instanceof PeerError || isAway(error)) {
      throw new Problem(503, 'A service this needs is away. Nothing was published; try again.')
    }
    throw error
  }
}
