import type { Transaction } from '@colonnade/db'
import type { Graded, Quiz } from '@colonnade/questions'

type PartRow = { key: string }
export type ModuleRow = PartRow & { position: number; title: string; summary: string }
export type LessonRow = PartRow & {
  module: string
  position: number
  slug: string
  title: string
  path: string
  minutes: number
  html: string
  text: string
  openingHtml: string
  questions: string[]
  objectives: string[]
  keypoints: string[]
  quizzes: Quiz[]
}
export type ItemRow = PartRow & {
  lesson: string
  position: number
  kind: string
  title: string
  minutes: number
  anchor: string
  graded: Graded | null
}

/** Kinds of parts, as their tables are called. */
const parts = ['module', 'lesson', 'item'] as const

/** Gives every part its identity: what was there before keeps its id. */
export async function identify(
  tx: Transaction,
  table: (typeof parts)[number],
  courseId: number,
  keys: readonly string[],
): Promise<void> {
  await tx`
    insert into ${tx(`courses.${table}`)} (course_id, key)
    select ${courseId}, unnest(${[...keys]}::text[]) on conflict (course_id, key) do nothing`
}

/** Retires the parts that a revision lacks, and takes back those of it that were retired. */
export async function retireOthers(
  tx: Transaction,
  { courseId, revisionId }: { courseId: number; revisionId: number },
): Promise<void> {
  for (const part of parts) {
    const isIn = tx`exists (
      select from ${tx(`courses.${part}_revision`)} r
      where r.revision_id = ${revisionId} and r.${tx(`${part}_id`)} = p.id)`
    await tx`
      update ${tx(`courses.${part}`)} p
      set retired_at = case when p.retired_at is null then now() end
      where p.course_id = ${courseId} and (p.retired_at is null) <> ${isIn}`
  }
}

export async function insertModules(
  tx: Transaction,
  place: { revisionId: number; courseId: number },
  rows: readonly ModuleRow[],
): Promise<void> {
  await tx`
    insert into courses.module_revision (revision_id, module_id, position, title, summary)
    select ${place.revisionId}, m.id, r.position, r.title, r.summary
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r (key text, position int, title text, summary text)
    join courses.module m on m.course_id = ${place.courseId} and m.key = r.key`
}

export async function insertLessons(
  tx: Transaction,
  place: { revisionId: number; courseId: number },
  rows: readonly LessonRow[],
): Promise<void> {
  await tx`
    insert into courses.lesson_revision (revision_id, lesson_id, module_id, position, slug, title,
      path, minutes, html, text, opening_html, questions, objectives, keypoints, quizzes)
    select ${place.revisionId}, l.id, m.id, r.position, r.slug, r.title, r.path, r.minutes, r.html,
      r.text, r."openingHtml", r.questions, r.objectives, r.keypoints, r.quizzes
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r (key text, module text, position int, slug text, title text, path text, minutes int,
        html text, text text, "openingHtml" text, questions text[], objectives text[],
        keypoints text[], quizzes jsonb)
    join courses.lesson l on l.course_id = ${place.courseId} and l.key = r.key
    join courses.module m on m.course_id = ${place.courseId} and m.key = r.module`
}

export async function insertItems(
  tx: Transaction,
  place: { revisionId: number; courseId: number },
  rows: readonly ItemRow[],
): Promise<void> {
  await tx`
    insert into courses.item_revision (revision_id, item_id, lesson_id, position, kind, title,
      minutes, anchor, graded)
    select ${place.revisionId}, i.id, l.id, r.position, r.kind, r.title, r.minutes, r.anchor,
      r.graded
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r (key text, lesson text, position int, kind text, title text, minutes int, anchor text,
        graded jsonb)
    join courses.item i on i.course_id = ${place.courseId} and i.key = r.key
    join courses.lesson l on l.course_id = ${place.courseId} and l.key = r.lesson`
}
