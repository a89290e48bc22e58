import { catalogueId, text, webAddress } from '@colonnade/http'
import { z } from 'zod'
import { role } from '../contract.ts'

/** Optional text: what is empty or left out is stored, and answered, as null. */
const optionalText = (max: number) =>
  text(max, 0)
    .nullish()
    .transform((value) => value || null)

const count = z.int().min(0).default(0)

// Each course is locked while it is written, and Postgres has room for some thousand locks.
const teachesInput = z
  .array(z.strictObject({ courseId: catalogueId, role }))
  .max(200)
  .refine(
    (given) => new Set(given.map(({ courseId }) => courseId)).size === given.length,
    'names a course more than once',
  )

const fields = {
  firstName: text(200),
  middleName: optionalText(200),
  lastName: text(200),
  academicTitle: optionalText(200),
  title: optionalText(200),
  organisation: optionalText(200),
  biography: optionalText(20_000).meta({
    description: 'Plain text; an empty line begins a paragraph.',
  }),
  learners: count,
  averageRating: z
    .number()
    .min(0)
    .max(5)
    .nullish()
    .transform((value) => value ?? null),
  ratings: count,
  teaches: teachesInput.default([]),
  example: z
    .boolean()
    .optional()
    .meta({ description: 'Made up for a sample; left out: unchanged.' }),
}

export const newInstructor = z.strictObject(fields)
/** What was read may be sent back as it is: `id` is accepted where it says the same as the address. */
export const changedInstructor = z.strictObject({ id: catalogueId.optional(), ...fields })
export type InstructorInput = z.output<typeof newInstructor>

const answeredFields = {
  id: catalogueId,
  firstName: z.string(),
  middleName: z.string().nullable(),
  lastName: z.string(),
  academicTitle: z.string().nullable(),
  title: z.string().nullable(),
  organisation: z.string().nullable(),
  biography: z.string().nullable(),
  learners: z.int().min(0),
  averageRating: z.number().min(0).max(5).nullable(),
  ratings: z.int().min(0),
  example: z.boolean(),
  teaches: z.array(z.object({ courseId: catalogueId, role })),
}

export const instructor = z.object(answeredFields)
/** An instructor as one of a course's: with the part they have in it. */
export const courseInstructor = z.object({ ...answeredFields, role })
export const instructorList = z.object({
  items: z.array(instructor),
  next: z.string().nullable().meta({ description: 'Cursor of what follows; null at the end.' }),
})

const organisationFields = {
  name: text(200),
  url: z.union([webAddress, z.literal(''), z.null()]).optional(),
  description: optionalText(5000),
  example: z.boolean().optional(),
}

export const newOrganisation = z.strictObject(organisationFields)
export const changedOrganisation = z.strictObject({
  id: catalogueId.optional(),
  ...organisationFields,
})
export type OrganisationInput = z.output<typeof newOrganisation>

export const organisation = z.object({
  id: catalogueId,
  name: z.string(),
  url: z.string().nullable(),
  description: z.string().nullable(),
  example: z.boolean(),
})
export const organisationList = z.object({
  items: z.array(organisation),
  next: z.string().nullable(),
})
export const offeredBy = z
  .array(catalogueId)
  .max(100)
  .refine((ids) => new Set(ids).size === ids.length, 'names an organisation more than once')
  .meta({ description: 'Ids of organisations, in the order they are shown.' })

export const newTestimonial = z.strictObject({
  id: z.uuidv7().optional().meta({ description: 'Made by the client, or by us.' }),
  author: text(200),
  role: optionalText(200),
  text: text(5000),
  example: z.boolean().default(false),
})
export type TestimonialInput = z.output<typeof newTestimonial>

export const testimonial = z.object({
  id: z.uuid(),
  courseId: catalogueId,
  author: z.string(),
  role: z.string().nullable(),
  text: z.string(),
  example: z.boolean(),
  createdAt: z.iso.datetime(),
})
