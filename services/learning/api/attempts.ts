import { type Api, Problem } from '@colonnade/http'
import { z } from 'zod'
import { openStarts, readAttempt } from '../attempting.ts'
import { type Attempt, findAttempt } from '../queries/attempts.ts'
import type { Learning } from '../running.ts'
import { attemptState } from '../state/attempt.ts'
import { byId, own, planOf } from './enrolments.ts'
import { attemptBody, partKey } from './shapes.ts'

const tag = 'Learning'
/** Nobody's enrolment. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** `/api/attempts…`: graded work, started and read; answers and the handing in go to the log. */
export function mountAttempts(api: Api, learning: Learning): void {
  const { db, access } = learning
  const start = openStarts(learning)

  async function show(courseId: number, attempt: Attempt, fresh = false) {
    const plan = await planOf(learning, { courseId, revision: attempt.revision })
    return own(await attemptState(db.hot, plan, attempt, fresh), fresh ? 201 : 200)
  }

  api.endpoint(
    {
      method: 'post',
      path: '/api/enrolments/:id/attempts',
      operation: 'startAttempt',
      summary: 'Start an attempt at a graded item',
      description:
        'Started once for each `id`; while one is running it is answered again, whatever id is sent. A time limit runs ' +
        'by the server’s clock. Where no attempt is left it is 409.',
      tag,
      params: byId,
      body: z.strictObject({ id: z.uuid().toLowerCase(), item: partKey }),
      answers: {
        201: { description: 'Started', body: attemptBody },
        200: { description: 'It was started before', body: attemptBody },
      },
      problems: [401, 409],
    },
    async ({ request, params, body }) => {
      const enrolment = await access.own(request, params.id)
      const { attempt, fresh } = await start({ enrolment: enrolment.id, ...body })
      return await show(enrolment.courseId, attempt, fresh)
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/attempts/:id',
      operation: 'findAttempt',
      summary: 'Read an attempt',
      description:
        'One’s own, or of a course one teaches. Its questions, what was answered so far with what two devices disagree on, and once it is over its marks.',
      tag,
      params: byId,
      answers: { 200: { description: 'The attempt', body: attemptBody } },
      problems: [401],
    },
    async ({ request, params }) => {
      const found = await findAttempt(db.hot, params.id)
      const { courseId } = await access.readable(request, found?.enrolmentId ?? nobody)
      const attempt = await readAttempt(learning, params.id)
      if (!attempt) throw new Problem(404)
      return await show(courseId, attempt)
    },
  )
}
