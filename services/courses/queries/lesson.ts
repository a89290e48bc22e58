import type { Sql } from '@colonnade/db'
import type { Graded, Quiz } from '@colonnade/questions'
import type { Column } from './course.ts'
import { coursesShown, type Shown } from './shown.ts'

export type ItemKind = 'video' | 'reading' | 'quiz' | 'exercise' | 'assignment'

export type SyllabusItem = {
  id: number
  kind: ItemKind
  title: string
  minutes: number
  anchor: string
}

export type SyllabusLesson = {
  id: number
  slug: string
  title: string
  minutes: number
  items: SyllabusItem[]
}

export type SyllabusModule = {
  id: number
  key: string
  title: string
  summary: string
  lessons: SyllabusLesson[]
}

export type Syllabus = {
  id: number
  slug: string
  title: string
  language: string
  direction: 'ltr' | 'rtl'
  version: number
  modules: SyllabusModule[]
}

/** The modules, lessons and items of a published course, or of its draft, in order. */
export async function findSyllabus(
  sql: Sql,
  id: number,
  shown: Shown = 'published',
): Promise<Syllabus | undefined> {
  const [row] = await sql<Syllabus[]>`
    select c.id, c.slug, c.title, c.language, c.direction, c.version, coalesce((
      select json_agg(json_build_object('id', m.module_id, 'key', i.key, 'title', m.title,
        'summary', m.summary, 'lessons', coalesce((
          select json_agg(json_build_object('id', l.lesson_id, 'slug', l.slug, 'title', l.title,
            'minutes', l.minutes, 'items', coalesce((
              select json_agg(json_build_object('id', t.item_id, 'kind', t.kind, 'title', t.title,
                'minutes', t.minutes, 'anchor', t.anchor) order by t.position)
              from courses.item_revision t
              where t.revision_id = c.revision_id and t.lesson_id = l.lesson_id), '[]'::json)
            ) order by l.position)
          from courses.lesson_revision l
          where l.revision_id = c.revision_id and l.module_id = m.module_id), '[]'::json)
        ) order by m.position)
      from courses.module_revision m join courses.module i on i.id = m.module_id
      where m.revision_id = c.revision_id), '[]'::json) as modules
    from ${coursesShown(sql, shown)} c
    where c.id = ${id} and c.revision_id is not null`
  return row
}

type Neighbour = { slug: string; title: string; minutes: number }

export type LessonPage = {
  courseId: number
  courseSlug: string
  courseTitle: string
  language: string
  direction: 'ltr' | 'rtl'
  subject: string
  modules: Column[]
  lessonCount: number
  moduleKey: string
  moduleTitle: string
  lessonId: number
  slug: string
  title: string
  position: number
  minutes: number
  html: string
  text: string
  questions: string[]
  objectives: string[]
  keypoints: string[]
  /** With their answers, which only `ask` leaves out: never to be sent as they are. */
  quizzes: Quiz[]
  /** Those of them that count, by the key of the quiz. */
  graded: { quiz: string; item: string; kind: 'quiz' | 'assignment'; graded: Graded }[]
  licence: string
  attribution: string
  previous: Neighbour | null
  next: Neighbour | null
}

/** A lesson of a published course, or of its draft, with its neighbours. */
export async function findLesson(
  sql: Sql,
  courseId: number,
  slug: string,
  shown: Shown = 'published',
): Promise<LessonPage | undefined> {
  const neighbour = (step: number) => sql`(
    select json_build_object('slug', n.slug, 'title', n.title, 'minutes', n.minutes)
    from courses.lesson_revision n
    where n.revision_id = l.revision_id and n.position = l.position + ${step}::int)`
  const [row] = await sql<LessonPage[]>`
    select c.id as "courseId", c.slug as "courseSlug", c.title as "courseTitle", c.language,
      c.direction, c.subject, c.modules, c.lesson_count as "lessonCount", i.key as "moduleKey",
      m.title as "moduleTitle", l.lesson_id as "lessonId", l.slug, l.title, l.position, l.minutes,
      l.html, left(l.text, 400) as text, l.questions, l.objectives, l.keypoints, l.quizzes,
      coalesce((
        select json_agg(json_build_object('quiz', t.anchor, 'item', n.key, 'kind', t.kind,
          'graded', t.graded))
        from courses.item_revision t join courses.item n on n.id = t.item_id
        where t.revision_id = l.revision_id and t.lesson_id = l.lesson_id
          and t.graded is not null), '[]'::json) as graded,
      r.licence, r.attribution, ${neighbour(-1)} as previous, ${neighbour(1)} as next
    from ${coursesShown(sql, shown)} c
    join courses.revision r on r.id = c.revision_id
    join courses.lesson_revision l on l.revision_id = c.revision_id and l.slug = ${slug}
    join courses.module i on i.id = l.module_id
    join courses.module_revision m on m.revision_id = l.revision_id and m.module_id = l.module_id
    where c.id = ${courseId}`
  return row
}

/** Where the lesson is now that had this slug in an earlier revision, if the published one still has it. */
export async function findMovedLesson(
  sql: Sql,
  courseId: number,
  slug: string,
): Promise<{ courseSlug: string; slug: string } | undefined> {
  const [row] = await sql<{ courseSlug: string; slug: string }[]>`
    select c.slug as "courseSlug", now.slug
    from courses.course c
    join courses.revision r on r.course_id = c.id and r.number > 0
    join courses.lesson_revision before on before.revision_id = r.id and before.slug = ${slug}
    join courses.lesson_revision now
      on now.revision_id = c.revision_id and now.lesson_id = before.lesson_id
    where c.id = ${courseId}
    order by r.number desc limit 1`
  return row
}

export type LessonText = {
  key: string
  moduleKey: string
  position: number
  slug: string
  title: string
  minutes: number
  html: string
  questions: string[]
  objectives: string[]
  keypoints: string[]
}

/** A published course's lessons with their material, in order. */
export async function listLessonTexts(sql: Sql, courseId: number): Promise<LessonText[]> {
  return await sql<LessonText[]>`
    select i.key, m.key as "moduleKey", l.position, l.slug, l.title, l.minutes, l.html, l.questions,
      l.objectives, l.keypoints
    from courses.course c
    join courses.lesson_revision l on l.revision_id = c.revision_id
    join courses.lesson i on i.id = l.lesson_id
    join courses.module m on m.id = l.module_id
    where c.id = ${courseId} order by l.position`
}

/** Whether a quiz in a lesson of a published course counts towards a grade. */
export async function isGraded(
  sql: Sql,
  courseSlug: string,
  lessonSlug: string,
  quiz: string,
): Promise<boolean> {
  const rows = await sql`
    select from courses.course c
    join courses.lesson_revision l on l.revision_id = c.revision_id and l.slug = ${lessonSlug}
    join courses.item_revision t on t.revision_id = l.revision_id and t.lesson_id = l.lesson_id
    where c.slug = ${courseSlug} and t.anchor = ${quiz} and t.graded is not null`
  return rows.length > 0
}
