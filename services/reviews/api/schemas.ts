import { catalogueId, text } from '@colonnade/http'
import { z } from 'zod'

const stars = z.int().min(1).max(5)

export const newReview = z.strictObject({
  id: z.uuidv7().optional().meta({ description: 'Made by the client, or by us.' }),
  learner: z.uuid().meta({ description: 'Who says it: one review for each learner and course.' }),
  author: text(200).meta({ description: 'The name shown beside it.' }),
  stars,
  text: text(10_000, 0).default(''),
  example: z.boolean().default(false).meta({ description: 'Made up: shown as an example.' }),
})
export type NewReview = z.output<typeof newReview>

/** What can be changed of a review. */
export const changedReview = z.strictObject({
  author: text(200),
  stars,
  text: text(10_000, 0).default(''),
})
export type ChangedReview = z.output<typeof changedReview>

/** A review as everyone may read it; its learner is nobody's business. */
export const review = z.object({
  id: z.uuid(),
  courseId: catalogueId,
  author: z.string().meta({ description: 'Empty once they have left the site.' }),
  stars,
  text: z.string(),
  example: z.boolean(),
  helpful: z.int().min(0),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})

export const reviewList = z.object({
  items: z.array(review),
  next: z.string().nullable().meta({ description: 'Cursor of what follows; null at the end.' }),
})

export const vote = z.strictObject({ voter: z.uuid() })
export const helpful = z.object({ helpful: z.int().min(0) })
export const sort = z.enum(['newest', 'helpful'])
export type Sort = z.infer<typeof sort>
