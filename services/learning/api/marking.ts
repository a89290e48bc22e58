import { type Api, Problem, text, uuidv7 } from '@colonnade/http'
import { z } from 'zod'
import { settle } from '../grading/settle.ts'
import { addExtension, findAttempt, listExtensions } from '../queries/attempts.ts'
import { findEnrolment, lockEnrolments } from '../queries/enrolments.ts'
import type { Learning } from '../running.ts'
import { attemptState } from '../state/attempt.ts'
import { markQuestion } from '../teaching/mark.ts'
import { byId, own, planOf } from './enrolments.ts'
import { attemptBody, givenInstant, instant, partKey } from './shapes.ts'

const tag = 'Teaching'
const points = z.number().min(0).max(1_000_000)

const extension = z.object({
  item: z.string(),
  dueAt: instant.nullable(),
  minutes: z.int().nullable(),
  attempts: z.int().nullable(),
})

/** Marks and extensions, by who teaches the course. */
export function mountMarking(api: Api, learning: Learning): void {
  const { db, access, plans, nudge } = learning

  api.endpoint(
    {
      method: 'post',
      path: '/api/attempts/:id/marks',
      operation: 'markQuestion',
      summary: 'Mark a question of an attempt',
      description:
        'For who teaches the course: points, by a rubric or as a whole, and a comment. A later mark holds over an ' +
        'earlier one, which is kept. The grade follows at once.',
      tag,
      params: byId,
      body: z.strictObject({
        question: partKey,
        points: points.nullish(),
        rubric: z.record(z.string().max(1000), points).optional(),
        comment: text(20_000, 0).optional(),
      }),
      answers: { 200: { description: 'The attempt as it is now', body: attemptBody } },
      problems: [401, 403, 409],
    },
    async ({ request, params, body }) => {
      const attempt = await findAttempt(db.hot, params.id)
      const enrolment = attempt && (await findEnrolment(db.hot, attempt.enrolmentId))
      const { id: by } = await access.teacher(request, enrolment?.courseId)
      if (!attempt || !enrolment) throw new Problem(404)
      const plan = await planOf(learning, { ...enrolment, revision: attempt.revision })
      const { question, points = null, rubric = {}, comment = '' } = body
      const mark = { question, points, rubric, comment }
      await markQuestion(learning, plan, { attempt: attempt.id, by, mark })
      return own(
        await attemptState(db.hot, plan, (await findAttempt(db.hot, params.id)) ?? attempt),
      )
    },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/enrolments/:id/extensions',
      operation: 'extend',
      summary: 'Give a learner more time or attempts',
      description:
        'For who teaches the course: a later deadline, more minutes for each attempt (one that runs gets them too), or ' +
        'more attempts. Of several extensions the most generous holds.',
      tag,
      params: byId,
      body: z
        .strictObject({
          id: z.uuid().toLowerCase().optional(),
          item: partKey,
          dueAt: givenInstant.nullish(),
          minutes: z.int().min(1).max(100_000).nullish(),
          attempts: z.int().min(1).max(1000).nullish(),
          reason: text(2000, 0).optional(),
        })
        .refine(({ dueAt, minutes, attempts }) => dueAt ?? minutes ?? attempts, {
          path: ['dueAt'],
          message: 'or `minutes` or `attempts` is needed',
        }),
      answers: {
        200: {
          description: 'What holds for this learner now',
          body: z.object({ items: z.array(extension) }),
        },
      },
      problems: [401, 403],
    },
    async ({ request, params, body }) => {
      const enrolment = await findEnrolment(db.hot, params.id)
      const { id: by } = await access.teacher(request, enrolment?.courseId)
      if (!enrolment) throw new Problem(404)
      const plan = await planOf(learning, enrolment)
      if (!plan.items.get(body.item)?.graded) {
        throw new Problem(422, 'Correct the fields named below and send it again.', [
          { path: '/item', message: 'is no graded item of this learner’s revision' },
        ])
      }
      await db.work.begin(async (tx) => {
        await lockEnrolments(tx, [enrolment.id])
        const { id = uuidv7(), item, dueAt = null, minutes = null, attempts = null } = body
        await addExtension(tx, {
          ...{ id, enrolmentId: enrolment.id, item, dueAt, minutes, attempts, by },
          reason: body.reason ?? '',
        })
        // A later deadline may make what was late be in time.
        await settle(tx, plans, [enrolment.id])
      })
      nudge()
      const found = await listExtensions(db.hot, [enrolment.id])
      return own({
        items: found.map(({ item, dueAt, minutes, attempts }) => {
          return { item, dueAt, minutes, attempts }
        }),
      })
    },
  )
}
