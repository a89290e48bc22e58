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

/**
 * Gives every part its identity: what was there before keeps its id, what is gone is retired, what comes back is
 * taken back.
 */
export async function identify(
  tx: Transaction,
  table: 'module' | 'lesson' | 'item',
  courseId: number,
  keys: readonly string[],
): Promise<void> {
  const part = tx(`courses.${table}`)
  await tx`
    insert into ${part} as p (course_id, key) select ${courseId}, unnest(${[...keys]}::text[])
    on conflict (course_id, key) do update set retired_at = null where p.retired_at is not null`
  await tx`
    update ${part} set retired_at = now()
    where course_id = ${courseId} and retired_at is null and key <> all(${[...keys]}::text[])`
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
