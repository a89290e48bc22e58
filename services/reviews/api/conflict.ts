import { Problem } from '@colonnade/http'
import { z } from 'zod'

const violation = z.object({ code: z.string(), constraint_name: z.string() })

const conflicts: Record<string, [status: number, detail: string]> = {
  review_pkey: [409, 'There is a review with this id already.'],
  review_learner: [409, 'This learner has reviewed this course already: change that review.'],
  // Deleted between being found and being voted for.
  helpful_review_id_fkey: [404, 'There is no review with this id.'],
}

/** Answers what only the database can find out: that a place is taken, or what it belongs to is gone. */
export async function oneConflict<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    const found = violation.safeParse(error)
    const known = found.success ? conflicts[found.data.constraint_name] : undefined
    if (known) throw new Problem(...known)
    throw error
  }
}
