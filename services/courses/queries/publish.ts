import type { Sql, Transaction } from '@colonnade/db'
import type { Image } from '@colonnade/media/contract'
import type { CoursePolicy } from '@colonnade/questions'
import type { Column } from './course.ts'
import { retireOthers } from './parts.ts'

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
  policy: CoursePolicy
  organisations: string[]
}

export async function insertRevision(tx: Transaction, row: RevisionRow): Promise<number> {
  const [made] = await tx<{ id: number }[]>`
    insert into courses.revision (course_id, number, hash, title, subtitle, language, direction,
      subject, level, effort, keywords, skills, outcomes, description_html, licence, attribution,
      source, image, sample, declares_teaching, declares_examples, report, policy,
      organisations)
    values (${row.courseId}, ${row.number}, ${row.hash}, ${row.title}, ${row.subtitle},
      ${row.language}, ${row.direction}, ${row.subject}, ${row.level}, ${row.effort},
      ${row.keywords}, ${row.skills}, ${row.outcomes}, ${row.descriptionHtml}, ${row.licence},
      ${row.attribution}, ${row.source}, ${row.image && tx.json(row.image)}, ${row.sample},
      ${row.declaresTeaching}, ${row.declaresExamples},
      ${JSON.stringify(row.report)}::text::jsonb, ${JSON.stringify(row.policy)}::text::jsonb,
      ${row.organisations})
    returning id`
  if (!made) throw new Error('no revision was made')
  return made.id
}

/** What lists show of a course and no column of its revision holds. */
export type Listing = {
  description: string
  minutes: number
  lessonCount: number
  columns: Column[]
  firstLesson: { slug: string; title: string; minutes: number } | null
}

export type Publication = {
  courseId: number
  revisionId: number
  key: string
  slug: string
  listing: Listing
}

/** Makes a revision the published one, in the course's row and at its slug. */
export async function publishRevision(
  tx: Transaction,
  { courseId, revisionId, key, slug, listing }: Publication,
  slugBefore: string,
): Promise<void> {
  await tx`delete from courses.slug_history where slug = ${slug}`
  if (slugBefore !== slug) {
    await tx`
      insert into courses.slug_history (slug, course_id) values (${slugBefore}, ${courseId})
      on conflict (slug) do update set course_id = excluded.course_id, left_at = now()`
  }
  await tx`
    insert into courses.run (course_id) values (${courseId}) on conflict do nothing`
  await tx`
    update courses.course c set key = ${key}, slug = ${slug}, revision_id = r.id,
      version = version + 1, published_at = now(), sample = r.sample, title = r.title,
      subtitle = r.subtitle, language = r.language, direction = r.direction, subject = r.subject,
      level = r.level, skills = r.skills, description = ${listing.description},
      minutes = ${listing.minutes}, lesson_count = ${listing.lessonCount},
      modules = ${tx.json(listing.columns)},
      first_lesson = ${listing.firstLesson && tx.json(listing.firstLesson)}, image = r.image
    from courses.revision r
    where c.id = ${courseId} and r.id = ${revisionId}`
  await retireOthers(tx, { courseId, revisionId })
}

/**
 * Takes a course off the site; nothing of it is deleted.
 * @param byOwner they may show it again; what others took off stays off, also when it was off already
 * @returns whether it was on the site
 */
export async function unpublishCourse(
  tx: Transaction,
  id: number,
  byOwner = false,
): Promise<boolean> {
  const rows = await tx`
    update courses.course set revision_id = null, version = version + 1
    where id = ${id} and revision_id is not null returning id`
  const wasThere = rows.length > 0
  if (wasThere || !byOwner) {
    await tx`update courses.course_owner set hidden = ${byOwner} where course_id = ${id}`
  }
  return wasThere
}

/** Puts a course back on the site as it was published last. */
export async function showCourse(tx: Transaction, id: number): Promise<boolean> {
  const rows = await tx`
    update courses.course c set revision_id = r.id, version = version + 1
    from courses.revision r
    where c.id = ${id} and c.revision_id is null and r.course_id = c.id and r.number = (
      select max(number) from courses.revision where course_id = ${id} and number > 0)
    returning c.id`
  return rows.length > 0
}

export async function listSamples(sql: Sql): Promise<{ id: number; slug: string }[]> {
  return await sql<{ id: number; slug: string }[]>`
    select id, slug from courses.course where sample and revision_id is not null order by id`
}
