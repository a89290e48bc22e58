import { z } from 'zod'

/** When work is due: on a wall clock (`2026-12-01T23:59` in an IANA zone), or so many days after enrolling. */
export const due = z.union([
  z.object({ at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/), zone: z.string().min(1) }),
  z.object({ days: z.int().min(1).max(3650) }),
])

/** How an item counts. Null: as many attempts, as much time, or as late as one likes. */
export const graded = z.object({
  group: z.string().min(1),
  attempts: z.int().min(1).max(1000).nullable(),
  minutes: z.number().positive().max(100_000).nullable(),
  due: due.nullable(),
})

/** How a course comes to a grade, and what completes it. Shares are from 0 to 1. */
export const coursePolicy = z.object({
  /** IANA zone of its deadlines. */
  zone: z.string().min(1),
  /** Which attempt counts. */
  attempt: z.enum(['best', 'last', 'average']),
  groups: z.array(
    z.object({
      key: z.string().min(1),
      title: z.string(),
      weight: z.number().min(0),
      drop: z.int().min(0),
    }),
  ),
  late: z
    .object({
      graceMs: z.number().min(0),
      perDay: z.number().min(0).max(1),
      days: z.int().min(0),
    })
    .nullable(),
  thresholds: z.array(z.object({ name: z.string().min(1), from: z.number().min(0).max(1) })),
  /** `lessons`: every lesson done. `threshold`: a grade of at least that name. */
  completion: z.object({ lessons: z.boolean(), threshold: z.string().nullable() }),
})

export type Due = z.infer<typeof due>
export type Graded = z.infer<typeof graded>
export type CoursePolicy = z.infer<typeof coursePolicy>

/** The policy of a course that has none of its own: each group counts the same, and 60 % is a pass. */
export function defaultPolicy(groups: Iterable<string>): CoursePolicy {
  const keys = [...new Set(groups)]
  return {
    zone: 'UTC',
    attempt: 'best',
    groups: keys.map((key) => ({ key, title: key, weight: 1, drop: 0 })),
    late: null,
    thresholds: [{ name: 'Pass', from: 0.6 }],
    completion: { lessons: true, threshold: keys.length > 0 ? 'Pass' : null },
  }
}
