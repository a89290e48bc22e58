import { askPeer, type Backend, catalogueId, PeerError, type Trust } from '@colonnade/http'
import { coursePolicy, graded, quiz } from '@colonnade/questions'
import { z } from 'zod'

/** A published course, as a link to it needs it. */
export const courseTitle = z.object({
  id: catalogueId,
  slug: z.string(),
  title: z.string(),
  subtitle: z.string(),
  language: z.string(),
  subject: z.string(),
  level: z.string(),
})

/** One line of the route map. */
export const courseRoute = z.object({
  id: catalogueId,
  slug: z.string(),
  title: z.string(),
  language: z.string(),
})

const movedRoute = z.object({ movedTo: z.string() })

const planItem = z.object({
  /** Unique in the course, the same over revisions. */
  key: z.string(),
  kind: z.enum(['video', 'reading', 'quiz', 'exercise', 'assignment']),
  title: z.string(),
  /** How long it takes; how long one may take stands in `graded`. */
  minutes: z.number(),
  /** The id in the lesson's page it begins at; empty for the lesson's top. */
  anchor: z.string(),
  /** With its answers: never to be sent as it is. An assignment is a quiz whose questions are essays. */
  quiz: quiz.nullable(),
  graded: graded.nullable(),
})

const planLesson = z.object({
  key: z.string(),
  slug: z.string(),
  title: z.string(),
  minutes: z.number(),
  items: z.array(planItem),
})

/** A revision of a course, as learning needs it. */
export const coursePlan = z.object({
  courseId: catalogueId,
  revision: z.int().min(1),
  /** Whether it is the one that is published. */
  latest: z.boolean(),
  slug: z.string(),
  title: z.string(),
  subtitle: z.string(),
  language: z.string(),
  direction: z.enum(['ltr', 'rtl']),
  /** Names of who offers it. */
  organisations: z.array(z.string()),
  modules: z.array(z.object({ key: z.string(), title: z.string(), lessons: z.array(planLesson) })),
  policy: coursePolicy,
})

export type PlanItem = z.infer<typeof planItem>
export type PlanLesson = z.infer<typeof planLesson>
export type CoursePlan = z.infer<typeof coursePlan>

export type CourseTitle = z.infer<typeof courseTitle>
export type CourseRoute = z.infer<typeof courseRoute>
export type MovedRoute = z.infer<typeof movedRoute>

/** Path of a course's page, of a lesson's and of a file's, without the language's prefix. */
export const coursePath = (slug: string) => `/learn/${encodeURIComponent(slug)}`
export const lessonPath = (slug: string, lesson: string) =>
  `${coursePath(slug)}/lessons/${encodeURIComponent(lesson)}`
export const filePath = (slug: string, path: string) =>
  `${coursePath(slug)}/files/${path.split('/').map(encodeURIComponent).join('/')}`

/** Path of a learner's own page of an item that counts, which is of learning's. */
export const itemPath = (slug: string, item: string) =>
  `/my/courses/${encodeURIComponent(slug)}/items/${encodeURIComponent(item)}`
/** Path of a course's desk, where its teachers work; services add pages of their own below it. */
export const deskPath = (slug: string) => `/teach/${encodeURIComponent(slug)}`

export type CoursesClient = ReturnType<typeof coursesClient>

/** Courses, as other services and the proxy talk to it. */
export function coursesClient(backend: Backend, trust: Trust) {
  return {
    /** Published courses among the ids, in no order. */
    listTitles: (ids: readonly number[]): Promise<CourseTitle[]> =>
      askPeer(backend, trust, `/internal/courses?ids=${ids.join(',')}`, z.array(courseTitle)),
    /** The course at a slug, where it moved to, or null. */
    findRoute: async (slug: string): Promise<CourseRoute | MovedRoute | null> => {
      try {
        const path = `/internal/routes/${encodeURIComponent(slug)}`
        return await askPeer(backend, trust, path, z.union([courseRoute, movedRoute]))
      } catch (error) {
        if (error instanceof PeerError && error.status === 404) return null
        throw error
      }
    },
    /**
     * A revision of a course, else the published one; null when there is none. All but `latest` and `slug` of a
     * revision stays as it is, so it may be kept for as long as one likes.
     */
    findPlan: async (courseId: number, revision?: number): Promise<CoursePlan | null> => {
      try {
        const query = revision === undefined ? '' : `?revision=${revision}`
        const path = `/internal/courses/${courseId}/plan${query}`
        return await askPeer(backend, trust, path, coursePlan, { budget: 2000 })
      } catch (error) {
        if (error instanceof PeerError && error.status === 404) return null
        throw error
      }
    },
    /** People whose course it is; nobody, for one that the operator imported or that is not there. */
    listOwners: async (courseId: number): Promise<string[]> => {
      try {
        const path = `/internal/courses/${courseId}/owners`
        return await askPeer(backend, trust, path, z.array(z.uuid()), { budget: 1000 })
      } catch (error) {
        if (error instanceof PeerError && error.status === 404) return []
        throw error
      }
    },
    /** Published courses with an id beyond `after`, by id. */
    listRoutes: (after: number, limit: number): Promise<CourseRoute[]> =>
      askPeer(
        backend,
        trust,
        `/internal/routes?after=${after}&limit=${limit}`,
        z.array(courseRoute),
        { budget: 5000 },
      ),
  }
}
