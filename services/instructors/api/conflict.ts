import { Problem } from '@colonnade/http'
import { z } from 'zod'

const violation = z.object({
  code: z.string(),
  constraint_name: z.string().optional(),
  detail: z.string().optional(),
})

const conflicts: Record<string, (detail: string) => string> = {
  teaching_primary: (detail) =>
    `Course ${/=\((\d+)\)/.exec(detail)?.[1] ?? ''} has a primary instructor already: change that one first.`,
  testimonial_pkey: () => 'There is a testimonial with this id already.',
}

/** Answers what only the database can find out, that a unique place is taken, as 409. */
export async function oneConflict<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    const found = violation.safeParse(error)
    if (found.success && found.data.code === '23505') {
      const say = conflicts[found.data.constraint_name ?? '']
      if (say) throw new Problem(409, say(found.data.detail ?? ''))
    }
    throw error
  }
}
