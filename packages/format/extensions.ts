import { z } from 'zod'
import { gradingFile } from './grading-file.ts'
import { levels, subjects } from './source.ts'

/** A value that may be left empty in YAML. */
const text = z
  .string()
  .trim()
  .nullish()
  .transform((value) => value ?? '')
const required = z.string().trim().min(1)
const list = z
  .array(z.string().trim().min(1))
  .nullish()
  .transform((value) => value ?? [])
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)
const file = z
  .string()
  .nullish()
  .transform((value) => value ?? null)
const key = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'only letters, digits, dots, - and _')
const slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'only a–z, 0–9 and single hyphens')
  .max(80)

/** `colonnade/course.yaml` */
const courseFile = z
  .object({
    id: key
      .max(100)
      .nullish()
      .describe('By it the course is known again when its slug changes. Else its slug is its id.'),
    slug: slug.nullish().describe('The course’s address: /learn/{slug}. Else made of the title.'),
    subtitle: text.describe('One line under the title.'),
    subject: z.enum(subjects).nullish(),
    level: z.enum(levels).nullish(),
    effort: text.describe('As in “3 hours a week, or your pace”.'),
    skills: list.describe('What the course trains, a few words each.'),
    outcomes: list.describe('What one can do afterwards; each begins with a verb.'),
    image: file.describe('Path of the course’s picture.'),
    attribution: text.describe('Whom to credit; else AUTHORS and CITATION say it.'),
    sample: flag.describe('A sample that comes with Colonnade; `samples remove` finds it by this.'),
    modules: z
      .array(
        z.object({
          key,
          title: required,
          summary: text,
          lessons: z.array(required).min(1).describe('Files under episodes/, in order.'),
        }),
      )
      .min(1)
      .nullish(),
  })
  .meta({ title: 'A course, beyond what the Workbench’s config.yaml says' })

/** `colonnade/people.yaml` */
const peopleFile = z
  .array(
    z.object({
      key,
      firstName: required,
      middleName: text,
      lastName: required,
      academicTitle: text,
      title: text.describe('What they do, as in “Data engineer”.'),
      organisation: text,
      biography: text.describe('Markdown.'),
      role: z
        .enum(['primary', 'assistant'])
        .nullish()
        .transform((value) => value ?? 'assistant'),
      photo: file,
      example: flag.describe('A person made up for a sample; pages say so.'),
    }),
  )
  .meta({ title: 'Who teaches the course' })

/** `colonnade/organisations.yaml` */
const organisationsFile = z
  .array(
    z.object({
      key,
      name: required,
      url: z
        .union([z.literal(''), z.url({ protocol: /^https?$/ })])
        .nullish()
        .transform((value) => value ?? ''),
      description: text,
      logo: file,
      example: flag,
    }),
  )
  .meta({ title: 'Who offers the course' })

/** `colonnade/testimonials.yaml` */
const testimonialsFile = z
  .array(z.object({ author: required, role: text, text: required, example: flag }))
  .meta({ title: 'What people say about the course' })

/** `colonnade/reviews.yaml` */
const reviewsFile = z
  .array(
    z.object({
      author: required,
      stars: z.int().min(1).max(5),
      text,
      date: z.iso.date().describe('YYYY-MM-DD'),
      example: flag,
    }),
  )
  .meta({ title: 'Reviews a sample course comes with' })

/** The files of `colonnade/` and what they must look like. */
export const extensionFiles = {
  course: courseFile,
  people: peopleFile,
  organisations: organisationsFile,
  testimonials: testimonialsFile,
  reviews: reviewsFile,
  grading: gradingFile,
} as const
