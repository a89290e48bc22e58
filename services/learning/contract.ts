import { askPeer, type Backend, catalogueId, type Trust } from '@colonnade/http'
import { z } from 'zod'

/** How far somebody is in a course: `completed` is an instant (UTC) or null. */
export const enrolmentState = z.object({
  id: z.uuid(),
  courseId: catalogueId,
  revision: z.int(),
  completed: z.string().nullable(),
})

/** How many are enrolled in a course now. */
export const courseLearners = z.object({ courseId: catalogueId, learners: z.int() })

export type EnrolmentState = z.infer<typeof enrolmentState>
export type CourseLearners = z.infer<typeof courseLearners>

/** Subject of the events that tell of an enrolment, and of a course's number of learners. */
export const enrolmentSubject = (id: string) => `enrolment:${id}`
export const learnersSubject = (courseId: number) => `learners-of:${courseId}`

export type LearningClient = ReturnType<typeof learningClient>

/** Learning, as other services talk to it. */
export function learningClient(backend: Backend, trust: Trust) {
  return {
    /** Where a person is enrolled now; with `courseId`, only there. */
    listEnrolments: (person: string, courseId?: number): Promise<EnrolmentState[]> =>
      askPeer(
        backend,
        trust,
        `/internal/enrolments?person=${person}${courseId === undefined ? '' : `&course=${courseId}`}`,
        z.array(enrolmentState),
      ),
    /** Courses that nobody ever was enrolled in are left out. */
    listLearners: (courseIds: readonly number[]): Promise<CourseLearners[]> =>
      askPeer(
        backend,
        trust,
        `/internal/learners?courses=${courseIds.join(',')}`,
        z.array(courseLearners),
      ),
  }
}
