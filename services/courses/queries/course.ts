import type { Sql } from '@colonnade/db'
import type { Teacher } from '@colonnade/instructors/contract'
import type { Image } from '@colonnade/media/contract'
import type { CourseRoute, CourseTitle } from '../contract.ts'
import { coursesShown, type Shown } from './shown.ts'

export type Level = 'beginner' | 'intermediate' | 'advanced'

/** A module as its column shows it. */
export type Column = { key: string; title: string; minutes: number; lessons: number }

/** What lists and the banner show of a course: one row, no joins. */
export type Listed = {
  id: number
  slug: string
  title: string
  subtitle: string
  /** How the description begins, where there is no subtitle. */
  opening: string
  language: string
  direction: 'ltr' | 'rtl'
  subject: string
  level: Level
  minutes: number
  lessons: number
  modules: Column[]
  firstLesson: { slug: string; title: string; minutes: number } | null
  learners: number
  ratingAverage: number
  ratingCount: number
  teachers: Teacher[]
  sample: boolean
  image: Image | null
  publishedAt: Date
  version: number
}

/** The columns of `Listed`, of a course named `c`. */
export const listed = (sql: Sql) => sql`
  c.id, c.slug, c.title, c.subtitle,
  case when c.subtitle = '' then left(c.description, 300) else '' end as opening, c.language, c.direction, c.subject, c.level, c.minutes,
  c.lesson_count as lessons, c.modules, c.first_lesson as "firstLesson", c.learners,
  c.rating_average::float8 as "ratingAverage", c.rating_count as "ratingCount", c.teachers,
  c.sample, c.image, c.published_at as "publishedAt", c.version`

/** A published course by id, or its draft. */
export async function findCourse(
  sql: Sql,
  id: number,
  shown: Shown = 'published',
): Promise<Listed | undefined> {
  const [row] = await sql<Listed[]>`
    select ${listed(sql)} from ${coursesShown(sql, shown)} c
    where c.id = ${id} and c.revision_id is not null`
  return row
}

/** The published ones among `ids`, in no order. */
export async function listCoursesById(sql: Sql, ids: readonly number[]): Promise<Listed[]> {
  return await sql<Listed[]>`
    select ${listed(sql)} from courses.course c
    where c.id = any(${[...ids]}::bigint[]) and c.revision_id is not null`
}

export type CourseDetail = Listed & {
  revision: number
  effort: string
  keywords: string[]
  skills: string[]
  outcomes: string[]
  descriptionHtml: string
  description: string
  licence: string
  attribution: string
  source: string
  openingHtml: string | null
}

/** A published course, or its draft, with all that its page tells of it. */
export async function findCourseDetail(
  sql: Sql,
  id: number,
  shown: Shown = 'published',
): Promise<CourseDetail | undefined> {
  const [row] = await sql<CourseDetail[]>`
    select ${listed(sql)}, r.number as revision, r.effort, r.keywords, r.skills, r.outcomes,
      r.description_html as "descriptionHtml", left(c.description, 1000) as description, r.licence,
      r.attribution, r.source, l.opening_html as "openingHtml"
    from ${coursesShown(sql, shown)} c
    join courses.revision r on r.id = c.revision_id
    left join courses.lesson_revision l on l.revision_id = c.revision_id and l.position = 1
    where c.id = ${id}`
  return row
}

export async function listTitles(sql: Sql, ids: readonly number[]): Promise<CourseTitle[]> {
  return await sql<CourseTitle[]>`
    select id, slug, title, subtitle, language, subject, level from courses.course
    where id = any(${[...ids]}::bigint[]) and revision_id is not null`
}

/** The published course at a slug. */
export async function findRoute(sql: Sql, slug: string): Promise<CourseRoute | undefined> {
  const [row] = await sql<CourseRoute[]>`
    select id, slug, title, language from courses.course
    where slug = ${slug} and revision_id is not null`
  return row
}

/** Where the published course is now that had this slug before. */
export async function findMovedSlug(sql: Sql, slug: string): Promise<string | undefined> {
  const [row] = await sql<{ slug: string }[]>`
    select c.slug from courses.slug_history h
    join courses.course c on c.id = h.course_id and c.revision_id is not null
    where h.slug = ${slug}`
  return row?.slug
}

export async function listRoutes(sql: Sql, after: number, limit: number): Promise<CourseRoute[]> {
  return await sql<CourseRoute[]>`
    select id, slug, title, language from courses.course
    where id > ${after} and revision_id is not null order by id limit ${limit}`
}

export type ReportRow = { revision: number; createdAt: Date; report: unknown }

/** The loss report of a course's published revision. */
export async function findReport(sql: Sql, id: number): Promise<ReportRow | undefined> {
  const [row] = await sql<ReportRow[]>`
    select r.number as revision, r.created_at as "createdAt", r.report
    from courses.course c join courses.revision r on r.id = c.revision_id
    where c.id = ${id}`
  return row
}
