import { askPeer, type Backend, catalogueId, type Trust, text, webAddress } from '@colonnade/http'
import { image } from '@colonnade/media/contract'
import { z } from 'zod'

export const role = z.enum(['primary', 'assistant'])

/** Who teaches a course, as a byline needs it: the primary one first. */
export const teacher = z.object({
  id: catalogueId,
  name: z.string(),
  role,
  organisation: z.string().nullable(),
  /** Made up for a sample: not to be named as a real person to search engines. */
  example: z.boolean().default(false),
})

export const courseTeachers = z.object({ courseId: catalogueId, teachers: z.array(teacher) })

export type Teacher = z.infer<typeof teacher>
export type CourseTeachers = z.infer<typeof courseTeachers>

const key = text(200)
/** A course folder leaves out what it does not know; empty text means the same. */
const optional = (max: number) => text(max, 0).nullable()
const address = z.union([z.literal('').transform(() => null), webAddress.nullable()])

/** Path of an instructor's page, without the language's prefix. */
export const instructorPath = (id: number) => `/instructors/${id}`

/** The people, organisations and voices a course folder names; `key` tells them apart within the course. */
export const teaching = z.object({
  people: z.array(
    z.object({
      key,
      firstName: text(200),
      middleName: optional(200),
      lastName: text(200),
      academicTitle: optional(200),
      title: optional(200),
      organisation: optional(200),
      biography: optional(20_000),
      role,
      photo: image.nullable(),
      example: z.boolean(),
    }),
  ),
  organisations: z.array(
    z.object({
      key,
      name: text(200),
      url: address,
      description: optional(5000),
      logo: image.nullable(),
      example: z.boolean(),
    }),
  ),
  testimonials: z.array(
    z.object({ author: text(200), role: optional(200), text: text(5000), example: z.boolean() }),
  ),
})

export type Teaching = z.infer<typeof teaching>

export type InstructorsClient = ReturnType<typeof instructorsClient>

/** Instructors, as other services talk to it. */
export function instructorsClient(backend: Backend, trust: Trust) {
  return {
    /** Courses nobody teaches are left out. */
    listTeachers: (courseIds: readonly number[]): Promise<CourseTeachers[]> =>
      askPeer(
        backend,
        trust,
        `/internal/teachers?courses=${courseIds.join(',')}`,
        z.array(courseTeachers),
      ),
    /** Sets who a course folder says teaches it; people no longer named are taken off that course. */
    putTeaching: async (courseId: number, given: Teaching): Promise<void> => {
      await askPeer(backend, trust, `/internal/teaching/${courseId}`, z.unknown(), {
        method: 'PUT',
        json: given,
        budget: 30_000,
      })
    },
  }
}
