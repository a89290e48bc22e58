import { Problem } from '@colonnade/http'
import { z } from 'zod'

const violation = z.object({ code: z.literal('23505'), constraint_name: z.string() })

const conflicts: Record<string, string> = {
  review_pkey: 'There is a review with this id already.',
  review_learner: 'This learner has reviewed this course already: change that review.',
}

/** Answers what only the database can find out, that a unique place is taken, as 409. */
export async function oneConflict<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    const found = violation.safeParse(error)
    const detail = found.success ? conflicts[found.data.constraint_name] : undefined
    if (detail) throw new Problem(409, detail)
    throw error
  }
}
