import { z } from 'zod'

/** How far somebody is in a course: `completed` is an instant (UTC) or null. */
export const enrolmentState = z.object({
  id: z.uuid(),
  courseId: z.int(),
  revision: z.int(),
  completed: z.string().nullable(),
})

export type EnrolmentState = z.infer<typeof enrolmentState>
