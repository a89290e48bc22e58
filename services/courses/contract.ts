import { askPeer, type Backend, catalogueId, PeerError, type Trust } from '@colonnade/http'
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

export type CourseTitle = z.infer<typeof courseTitle>
export type CourseRoute = z.infer<typeof courseRoute>
export type MovedRoute = z.infer<typeof movedRoute>

/** Path of a course's page, of a lesson's and of a file's, without the language's prefix. */
export const coursePath = (slug: string) => `/learn/${encodeURIComponent(slug)}`
export const lessonPath = (slug: string, lesson: string) =>
  `${coursePath(slug)}/lessons/${encodeURIComponent(lesson)}`
export const filePath = (slug: string, path: string) =>
  `${coursePath(slug)}/files/${path.split('/').map(encodeURIComponent).join('/')}`

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
