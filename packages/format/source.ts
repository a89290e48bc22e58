import { coursePolicy, graded, quiz } from '@colonnade/questions'
import { z } from 'zod'

/** Subjects a course may be filed under. */
export const subjects = [
  'computing',
  'data',
  'mathematics',
  'science',
  'humanities',
  'arts',
  'business',
  'teaching',
] as const
export const levels = ['beginner', 'intermediate', 'advanced'] as const

const path = z.string()
const html = z.string()
const minutes = z.int().min(0).max(100_000)

const itemSource = z.object({
  /** Stays the same over revisions, unique in its lesson. */
  key: z.string().min(1),
  kind: z.enum(['video', 'reading', 'quiz', 'exercise', 'assignment']),
  title: z.string(),
  minutes,
  /** The id in the lesson's html it begins at; empty for the lesson's top. */
  anchor: z.string(),
  graded: graded.nullable(),
})

const lessonSource = z.object({
  /** Front matter `id`, else the source path. */
  key: z.string().min(1),
  slug: z.string().min(1),
  path,
  title: z.string().min(1),
  /** Teaching and exercises together. */
  minutes,
  html,
  text: z.string(),
  openingHtml: html,
  items: z.array(itemSource),
  /** With their answers: no public page or answer may hold them. */
  quizzes: z.array(quiz),
  questions: z.array(html),
  objectives: z.array(html),
  keypoints: z.array(html),
})

const moduleSource = z.object({
  key: z.string().min(1),
  title: z.string().min(1),
  summary: z.string(),
  lessons: z.array(lessonSource),
})

const personSource = z.object({
  key: z.string(),
  firstName: z.string(),
  middleName: z.string(),
  lastName: z.string(),
  academicTitle: z.string(),
  title: z.string(),
  organisation: z.string(),
  /** Markdown as written. */
  biography: z.string(),
  role: z.enum(['primary', 'assistant']),
  photo: path.nullable(),
  example: z.boolean(),
})

const organisationSource = z.object({
  key: z.string(),
  name: z.string(),
  url: z.string(),
  description: z.string(),
  logo: path.nullable(),
  example: z.boolean(),
})

const testimonialSource = z.object({
  author: z.string(),
  role: z.string(),
  text: z.string(),
  example: z.boolean(),
})

const reviewSource = z.object({
  author: z.string(),
  stars: z.int().min(1).max(5),
  text: z.string(),
  /** YYYY-MM-DD */
  date: z.string(),
  example: z.boolean(),
})

/** A course as its folder says it, with everything rendered: what an import stores. */
export const courseSource = z.object({
  /** What a course is known by when its slug changes: its `id`, or its source. Absent: the slug is its id. */
  id: z.string().min(1).max(200).optional(),
  slug: z.string().min(1),
  title: z.string().min(1),
  subtitle: z.string(),
  /** BCP 47 */
  language: z.string(),
  direction: z.enum(['ltr', 'rtl']),
  subject: z.enum(subjects),
  level: z.enum(levels),
  effort: z.string(),
  keywords: z.array(z.string()),
  skills: z.array(z.string()),
  outcomes: z.array(z.string()),
  descriptionHtml: html,
  descriptionText: z.string(),
  licence: z.string(),
  attribution: z.string(),
  /** The address the material comes from, empty when unknown. */
  source: z.string(),
  image: path.nullable(),
  sample: z.boolean(),
  modules: z.array(moduleSource).min(1),
  policy: coursePolicy,
  people: z.array(personSource),
  organisations: z.array(organisationSource),
  testimonials: z.array(testimonialSource),
  reviews: z.array(reviewSource),
  /** Files shown as pictures, and files linked to, by their path in the folder. */
  images: z.array(path),
  downloads: z.array(path),
})

export type ItemSource = z.infer<typeof itemSource>
export type LessonSource = z.infer<typeof lessonSource>
export type ModuleSource = z.infer<typeof moduleSource>
export type PersonSource = z.infer<typeof personSource>
export type OrganisationSource = z.infer<typeof organisationSource>
export type TestimonialSource = z.infer<typeof testimonialSource>
export type ReviewSource = z.infer<typeof reviewSource>
export type CourseSource = z.infer<typeof courseSource>
