import { type Api, catalogueId, Problem, uuidv7 } from '@colonnade/http'
import { z } from 'zod'
import { enrolIn } from '../enrolling.ts'
import { readGrade } from '../grading/settle.ts'
import type { Plan } from '../plan.ts'
import { leave, listEnrolments } from '../queries/enrolments.ts'
import type { Learning } from '../running.ts'
import { enrolmentState } from '../state/enrolment.ts'
import { enrolmentBody, gradeBody } from './shapes.ts'

const tag = 'Learning'
export const byId = z.object({ id: z.uuid().toLowerCase() })

/** `/api/enrolments…`: where one learns, and how it stands. */
export function mountEnrolments(api: Api, learning: Learning): void {
  const { db, plans, access, nudge } = learning

  api.endpoint(
    {
      method: 'post',
      path: '/api/enrolments',
      operation: 'enrol',
      summary: 'Enrol in a course',
      description:
        'By the session of who enrols. The enrolment is pinned to the published revision and to the course’s run. Who ' +
        'left a course and comes back goes on with what they did. A wrong code is 403; a course that is full, closed, ' +
        'over or not yet begun is 409.',
      tag,
      body: z.strictObject({
        id: z.uuid().toLowerCase().optional(),
        courseId: catalogueId,
        code: z.string().max(200).optional(),
      }),
      answers: {
        201: { description: 'Enrolled now', body: enrolmentBody },
        200: { description: 'Enrolled already', body: enrolmentBody },
      },
      problems: [401, 403, 404, 409],
    },
    async ({ request, body }) => {
      const person = await access.learner(request)
      const { id = uuidv7(), courseId, code } = body
      const { enrolment, plan, fresh } = await enrolIn(learning, {
        ...{ id, person: person.id, courseId },
        code: code ?? null,
      })
      const state = await enrolmentState(db.hot, plan, enrolment)
      return own(state, fresh ? 201 : 200)
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/enrolments',
      operation: 'listEnrolments',
      summary: 'List one’s own enrolments',
      description: 'Those that were not left, the latest first.',
      tag,
      answers: {
        200: { description: 'The enrolments', body: z.object({ items: z.array(enrolmentBody) }) },
      },
      problems: [401],
    },
    async ({ request }) => {
      const { id } = await access.learner(request)
      const items = []
      for (const enrolment of await listEnrolments(db.hot, id)) {
        const plan = await plans.of(enrolment.courseId, enrolment.revision)
        if (plan) items.push(await enrolmentState(db.hot, plan, enrolment))
      }
      return own({ items })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/enrolments/:id',
      operation: 'findEnrolment',
      summary: 'Read an enrolment',
      description: 'One’s own, or of a course one teaches.',
      tag,
      params: byId,
      answers: { 200: { description: 'How it stands', body: enrolmentBody } },
      problems: [401],
    },
    async ({ request, params }) => {
      const enrolment = await access.readable(request, params.id)
      const plan = await planOf(learning, enrolment)
      return own(await enrolmentState(db.hot, plan, enrolment))
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/enrolments/:id/grade',
      operation: 'findGrade',
      summary: 'Read a grade, line by line',
      description:
        'One’s own, or of a course one teaches. Null where the course grades nothing. Shares are from 0 to 1.',
      tag,
      params: byId,
      answers: {
        200: {
          description: 'The grade and how it comes about',
          body: gradeBody
            .extend({ revision: z.int(), trace: z.array(z.looseObject({ kind: z.string() })) })
            .nullable(),
        },
      },
      problems: [401],
    },
    async ({ request, params }) => {
      const enrolment = await access.readable(request, params.id)
      const grade = await readGrade(db.hot, await planOf(learning, enrolment), params.id)
      return own(grade && { ...grade, revision: enrolment.revision })
    },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/enrolments/:id/leave',
      operation: 'leaveCourse',
      summary: 'Leave a course',
      description: 'The seat is free again; what was done stays for who comes back.',
      tag,
      params: byId,
      answers: { 204: { description: 'Left, now or before' } },
      problems: [401],
    },
    async ({ request, params }) => {
      const enrolment = await access.own(request, params.id)
      const left = await db.work.begin((tx) => leave(tx, enrolment))
      if (left) nudge()
      return new Response(null, { status: 204 })
    },
  )
}

/** Answers what is one person's: nobody keeps it. */
export const own = (body: unknown, status = 200) =>
  Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } })

/** The revision that an enrolment is pinned to. */
export async function planOf(
  { plans }: Pick<Learning, 'plans'>,
  { courseId, revision }: { courseId: number; revision: number },
): Promise<Plan> {
  const plan = await plans.of(courseId, revision)
  if (!plan) throw new Problem(503, 'The course does not answer. Try again in a moment.')
  return plan
}
