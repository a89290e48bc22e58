import { type Api, idInPath, Problem, text } from '@colonnade/http'
import { z } from 'zod'
import { constraintOf } from '../enrolling.ts'
import { findIntake, putIntake } from '../queries/intake.ts'
import type { Learning } from '../running.ts'
import { own } from './enrolments.ts'
import { givenInstant, instant } from './shapes.ts'

export const byCourse = z.object({ id: idInPath })

const intake = z.strictObject({
  mode: z.enum(['open', 'code', 'closed']),
  code: text(100).nullish(),
  startsAt: givenInstant.nullish(),
  endsAt: givenInstant.nullish(),
  seats: z.int().min(0).max(10_000_000).nullish(),
})

const checked = intake.superRefine(({ mode, code, startsAt, endsAt }, context) => {
  if (mode === 'code' && !code)
    context.addIssue({ code: 'custom', path: ['code'], message: 'is needed for mode `code`' })
  if (startsAt && endsAt && Date.parse(endsAt) <= Date.parse(startsAt))
    context.addIssue({ code: 'custom', path: ['endsAt'], message: 'is not after `startsAt`' })
})

const body = z.object({
  mode: z.enum(['open', 'code', 'closed']),
  code: z.string().nullable(),
  startsAt: instant.nullable(),
  endsAt: instant.nullable(),
  seats: z.int().nullable(),
  /** How many are enrolled. */
  taken: z.int(),
})

/** `/api/courses/{id}/intake`: how a course takes people. */
export function mountIntake(api: Api, { db, access, plans }: Learning): void {
  const tag = 'Teaching'
  const answers = { 200: { description: 'How the course takes people', body } }

  async function show(courseId: number) {
    const { mode, code, startsAt, endsAt, seats, taken } = await findIntake(db.hot, courseId)
    return own({ mode, code, startsAt, endsAt, seats, taken })
  }

  api.endpoint(
    {
      method: 'get',
      path: '/api/courses/:id/intake',
      operation: 'findIntake',
      summary: 'Read how a course takes people',
      description: 'For who teaches it. A course that was never set takes everybody.',
      tag,
      params: byCourse,
      answers,
      problems: [401, 403],
    },
    async ({ request, params }) => {
      await access.teacher(request, params.id)
      return await show(params.id)
    },
  )

  api.endpoint(
    {
      method: 'put',
      path: '/api/courses/:id/intake',
      operation: 'putIntake',
      summary: 'Set how a course takes people',
      description:
        'For who teaches it. `open` to everybody, by `code`, or `closed`; from and until when; how many at most. Who is ' +
        'in stays in: fewer seats than are taken are 409.',
      tag,
      params: byCourse,
      body: checked,
      answers,
      problems: [401, 403, 409],
    },
    async ({ request, params, body: given }) => {
      await access.teacher(request, params.id)
      if (!(await plans.latest(params.id))) throw new Problem(404, 'There is no such course.')
      const { mode, code = null, startsAt = null, endsAt = null, seats = null } = given
      try {
        await putIntake(db.work, params.id, { mode, code, startsAt, endsAt, seats })
      } catch (error) {
        if (constraintOf(error) !== 'intake_seats') throw error
        throw new Problem(409, 'More people are enrolled than there would be seats.')
      }
      return await show(params.id)
    },
  )
}
