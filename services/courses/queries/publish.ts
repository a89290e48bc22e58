import type { Sql, Transaction } from '@colonnade/db'
import type { Image } from '@colonnade/media/contract'
import type { Column } from './course.ts'

export type Identity = {
  id: number
  key: string
  slug: string
  published: boolean
  /** Of the newest revision, published or not; null before the first. */
  revision: number | null
  hash: Buffer | null
  declaresTeaching: boolean
  declaresExamples: boolean
}

const identity = (sql: Sql) => sql`
  c.id, c.key, c.slug, c.revision_id is not null as published, r.number as revision, r.hash,
  coalesce(r.declares_teaching, false) as "declaresTeaching",
  coalesce(r.declares_examples, false) as "declaresExamples"`

const newest = (sql: Sql) => sql`
  left join lateral (
    select * from courses.revision r where r.course_id = c.id order by r.number desc limit 1
  ) r on true`

export async function findIdentityById(sql: Sql, id: number): Promise<Identity | undefined> {
  const [row] = await sql<Identity[]>`
    select ${identity(sql)} from courses.course c ${newest(sql)} where c.id = ${id}`
  return row
}

/** The course with this key; else the one at this slug that never had a key but its slug. */
export async function findIdentity(
  sql: Sql,
  key: string,
  slug: string,
): Promise<Identity | undefined> {
  const [row] = await sql<Identity[]>`
    select ${identity(sql)} from courses.course c ${newest(sql)}
    where c.key = ${key} or (c.slug = ${slug} and c.key = c.slug)
    order by c.key = ${key} desc limit 1`
  return row
}

/** Whether another course than `id` has this key or stands at this slug. */
export async function isTaken(sql: Sql, key: string, slug: string, id: number): Promise<boolean> {
  const rows = await sql`
    select 1 from courses.course where (slug = ${slug} or key = ${key}) and id <> ${id}`
  return rows.length > 0
}

/**
 * Gives a new course its id, before anything of it is published; two imports of one course get the same.
 * @returns undefined when another course has the slug
 */
export async function reserveCourse(
  sql: Sql,
  key: string,
  slug: string,
): Promise<number | undefined> {
  await sql`insert into courses.course (key, slug) values (${key}, ${slug}) on conflict do nothing`
  const [row] = await sql<{ id: number }[]>`select id from courses.course where key = ${key}`
  return row?.id
}

/** Locks a course for its next revision and gives that revision's number. */
export async function lockCourse(
  tx: Transaction,
  id: number,
): Promise<{ number: number; slug: string }> {
  const [row] = await tx<{ slug: string }[]>`
    select slug from courses.course where id = ${id} for update`
  if (!row) throw new Error(`course ${id} is gone`)
  const [next] = await tx<{ number: number }[]>`
    select coalesce(max(number), 0) + 1 as number from courses.revision where course_id = ${id}`
  return { number: next?.number ?? 1, slug: row.slug }
}

export type RevisionRow = {
  courseId: number
  number: number
  hash: Buffer
  title: string
  subtitle: string
  language: string
  direction: string
  subject: string
  level: string
  effort: string
  keywords: string[]
  skills: string[]
  outcomes: string[]
  descriptionHtml: string
  licence: string
  attribution: string
  source: string
  image: Image | null
  sample: boolean
  declaresTeaching: boolean
  declaresExamples: boolean
  report: readonly unknown[]
}

export async function insertRevision(tx: Transaction, row: RevisionRow): Promise<number> {
  const [made] = await tx<{ id: number }[]>`
    insert into courses.revision (course_id, number, hash, title, subtitle, language, direction,
      subject, level, effort, keywords, skills, outcomes, description_html, licence, attribution,
      source, image, sample, declares_teaching, declares_examples, report)
    values (${row.courseId}, ${row.number}, ${row.hash}, ${row.title}, ${row.subtitle},
      ${row.language}, ${row.direction}, ${row.subject}, ${row.level}, ${row.effort},
      ${row.keywords}, ${row.skills}, ${row.outcomes}, ${row.descriptionHtml}, ${row.licence},
      ${row.attribution}, ${row.source}, ${row.image && tx.json(row.image)}, ${row.sample},
      ${row.declaresTeaching}, ${row.declaresExamples},
      ${JSON.stringify(row.report)}::text::jsonb)
    returning id`
  if (!made) throw new Error('no revision was made')
  return made.id
}

export type PartRow = { key: string }
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
}
export type ItemRow = PartRow & {
  lesson: string
  position: number
  kind: string
  title: string
  minutes: number
  anchor: string
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
      path, minutes, html, text, opening_html, questions, objectives, keypoints)
    select ${place.revisionId}, l.id, m.id, r.position, r.slug, r.title, r.path, r.minutes, r.html,
      r.text, r."openingHtml", r.questions, r.objectives, r.keypoints
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r (key text, module text, position int, slug text, title text, path text, minutes int,
        html text, text text, "openingHtml" text, questions text[], objectives text[],
        keypoints text[])
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
      minutes, anchor)
    select ${place.revisionId}, i.id, l.id, r.position, r.kind, r.title, r.minutes, r.anchor
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as r (key text, lesson text, position int, kind text, title text, minutes int, anchor text)
    join courses.item i on i.course_id = ${place.courseId} and i.key = r.key
    join courses.lesson l on l.course_id = ${place.courseId} and l.key = r.lesson`
}

export type Publication = Omit<
  RevisionRow,
  'number' | 'hash' | 'effort' | 'keywords' | 'outcomes'
> & {
  revisionId: number
  key: string
  slug: string
  description: string
  minutes: number
  lessonCount: number
  columns: Column[]
  firstLesson: { slug: string; title: string; minutes: number } | null
}

/** Makes a revision the published one, in the course's row and at its slug. */
export async function publishRevision(
  tx: Transaction,
  row: Publication,
  slugBefore: string,
): Promise<void> {
  await tx`delete from courses.slug_history where slug = ${row.slug}`
  if (slugBefore !== row.slug) {
    await tx`
      insert into courses.slug_history (slug, course_id) values (${slugBefore}, ${row.courseId})
      on conflict (slug) do update set course_id = excluded.course_id, left_at = now()`
  }
  await tx`
    insert into courses.run (course_id) values (${row.courseId}) on conflict do nothing`
  await tx`
    update courses.course set key = ${row.key}, slug = ${row.slug}, revision_id = ${row.revisionId},
      version = version + 1, published_at = now(), sample = ${row.sample}, title = ${row.title},
      subtitle = ${row.subtitle}, language = ${row.language}, direction = ${row.direction},
      subject = ${row.subject}, level = ${row.level}, skills = ${row.skills},
      description = ${row.description}, minutes = ${row.minutes},
      lesson_count = ${row.lessonCount}, modules = ${tx.json(row.columns)},
      first_lesson = ${row.firstLesson && tx.json(row.firstLesson)},
      image = ${row.image && tx.json(row.image)}
    where id = ${row.courseId}`
}

/** Takes a course off the site; nothing of it is deleted. */
export async function unpublishCourse(tx: Transaction, id: number): Promise<boolean> {
  const rows = await tx`
    update courses.course set revision_id = null, version = version + 1
    where id = ${id} and revision_id is not null returning id`
  return rows.length > 0
}

export async function listSamples(sql: Sql): Promise<{ id: number; slug: string }[]> {
  return await sql<{ id: number; slug: string }[]>`
    select id, slug from courses.course where sample and revision_id is not null order by id`
}
