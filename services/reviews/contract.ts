import { askPeer, type Backend, catalogueId, type Trust, text } from '@colonnade/http'
import { z } from 'zod'

/** What a course's reviews come to: the average with two decimals, and how many gave 1, 2, 3, 4 and 5 stars. */
export const summary = z.object({
  courseId: catalogueId,
  average: z.number().min(0).max(5),
  count: z.int().min(0),
  histogram: z.array(z.int().min(0)).length(5),
  /** How many of `count` were made up for a sample: do not tell search engines of those. */
  examples: z.int().min(0).default(0),
})

export type Summary = z.infer<typeof summary>

/** A review that comes with a sample course and says that it is an example. */
export const exampleReview = z.object({
  author: text(200),
  stars: z.int().min(1).max(5),
  text: text(10_000, 0),
  date: z.iso.date(),
  example: z.boolean(),
})

export type ExampleReview = z.infer<typeof exampleReview>

/** Path of the page on which somebody writes their review of a course, without a language's prefix. */
export const ownReviewPath = (courseId: number) => `/courses/${courseId}/review`

export type ReviewsClient = ReturnType<typeof reviewsClient>

/** Reviews, as other services talk to it. */
export function reviewsClient(backend: Backend, trust: Trust) {
  return {
    /** Courses without reviews are left out. */
    findSummaries: (courseIds: readonly number[]): Promise<Summary[]> =>
      askPeer(
        backend,
        trust,
        `/internal/summaries?courses=${courseIds.join(',')}`,
        z.array(summary),
      ),
    /** Replaces a course's example reviews. */
    putExamples: async (courseId: number, reviews: readonly ExampleReview[]): Promise<void> => {
      await askPeer(backend, trust, `/internal/examples/${courseId}`, z.unknown(), {
        method: 'PUT',
        json: reviews,
        budget: 30_000,
      })
    },
  }
}
