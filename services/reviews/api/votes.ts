import type { Api, ServiceContext } from '@colonnade/http'
import { answerJson } from '@colonnade/http'
import { z } from 'zod'
import { putVote } from '../queries/reviews.ts'
import { oneConflict } from './conflict.ts'
import { unknownReview } from './reviews.ts'
import { helpful, vote } from './schemas.ts'
import { writing } from './scope.ts'

/** Who finds a review helpful. Both may be sent again without effect. */
export function mountVotes(api: Api, { db, nudge }: ServiceContext): void {
  for (const [method, given] of [
    ['post', true],
    ['delete', false],
  ] as const) {
    api.endpoint(
      {
        method,
        path: '/api/reviews/:id/helpful',
        operation: given ? 'addHelpfulVote' : 'removeHelpfulVote',
        summary: given ? 'Find a review helpful' : 'Take a vote back',
        description: 'Once for each voter; sending it again changes nothing.',
        tag: 'Reviews',
        operator: true,
        scope: writing,
        params: z.object({ id: z.uuid() }),
        body: vote,
        answers: { 200: { description: 'How many find it helpful now', body: helpful } },
      },
      async ({ params, body }) => {
        const voted = await oneConflict(putVote(db.hot, params.id, body.voter, given))
        if (!voted) throw unknownReview()
        nudge()
        const changed = [`reviews-of:${voted.courseId}`]
        return answerJson(JSON.stringify({ helpful: voted.helpful }), { changed })
      },
    )
  }
}
