import {
  type Api,
  answerJson,
  idempotencyKey,
  idInPath,
  noContent,
  Problem,
  type ServiceContext,
  uuidv7,
  writeOnce,
} from '@colonnade/http'
import { z } from 'zod'
import {
  addTestimonial,
  findCourseTestimonials,
  removeTestimonial,
} from '../queries/testimonials.ts'
import { oneConflict } from './conflict.ts'
import { newTestimonial, testimonial } from './schemas.ts'
import { writing } from './scope.ts'

const tag = 'Testimonials'
const byCourse = z.object({ id: idInPath })

/** What people say about a course. */
export function mountTestimonials(api: Api, { db, nudge }: ServiceContext): void {
  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/testimonials',
      operation: 'listTestimonials',
      summary: 'Testimonials of a course',
      description: 'At most 100: those that came with the course first, then by age.',
      tag,
      params: byCourse,
      answers: { 200: { description: 'All of them', body: z.array(testimonial) } },
    },
    async ({ params }) =>
      answerJson(await findCourseTestimonials(db.hot, params.id), {
        tags: [`teachers-of:${params.id}`],
      }),
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/courses/:id/testimonials',
      operation: 'addTestimonial',
      summary: 'Add a testimonial',
      tag,
      operator: true,
      scope: writing,
      params: byCourse,
      headers: idempotencyKey,
      body: newTestimonial,
      answers: { 201: { description: 'Added', body: testimonial } },
      problems: [409],
    },
    async ({ request, params: { id: courseId }, body, by }) => {
      const scope = `${by} POST /api/courses/${courseId}/testimonials`
      const document = await oneConflict(
        writeOnce(db, request, { service: 'instructors', scope, body }, (tx) =>
          addTestimonial(tx ?? db.hot, courseId, { ...body, id: body.id ?? uuidv7() }),
        ),
      )
      nudge()
      return answerJson(document, { status: 201, changed: [`teachers-of:${courseId}`] })
    },
  )

  api.endpoint(
    {
      method: 'delete',
      path: '/api/testimonials/:id',
      operation: 'removeTestimonial',
      summary: 'Delete a testimonial',
      tag,
      operator: true,
      scope: writing,
      params: z.object({ id: z.uuid() }),
      answers: { 204: { description: 'Deleted' } },
    },
    async ({ params }) => {
      const courseId = await removeTestimonial(db.hot, params.id)
      if (courseId === undefined) throw new Problem(404, 'There is no testimonial with this id.')
      nudge()
      return noContent([`teachers-of:${courseId}`])
    },
  )
}
