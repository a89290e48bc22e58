import type { Sql, Transaction } from '@colonnade/db'

/** A course on its teacher's desk. */
export type DeskCourse = {
  id: number
  slug: string
  /** Of the draft, where nothing was published yet. */
  title: string
  language: string
  direction: 'ltr' | 'rtl'
  isPublished: boolean
  /** Whether it ever was. */
  wasPublished: boolean
  /** The draft's revision, if there is one. */
  draft: number | null
  draftAt: Date | null
  owner: string | null
  /** The owner took it off the site. */
  hidden: boolean
}

const deskCourse = (sql: Sql) => sql`
  c.id, c.slug, coalesce(nullif(c.title, ''), d.title, c.slug) as title,
  case when c.title <> '' then c.language else coalesce(d.language, c.language) end as language,
  case when c.title <> '' then c.direction else coalesce(d.direction, c.direction) end as direction,
  c.revision_id is not null as "isPublished", p.id is not null as "wasPublished",
  d.id as draft, d."draftAt", o.person as owner, coalesce(o.hidden, false) as hidden`

const aroundCourse = (sql: Sql) => sql`
  left join courses.course_owner o on o.course_id = c.id
  left join lateral (
    select r.id, r.title, r.language, r.direction, w.uploaded_at as "draftAt"
    from courses.draft w join courses.revision r on r.id = w.revision_id where w.course_id = c.id
  ) d on true
  left join lateral (
    select r.id from courses.revision r where r.course_id = c.id and r.number > 0 limit 1
  ) p on true`

/** The course at a slug, published or not. */
export async function findDeskCourse(sql: Sql, slug: string): Promise<DeskCourse | undefined> {
  const [row] = await sql<DeskCourse[]>`
    select ${deskCourse(sql)} from courses.course c ${aroundCourse(sql)}
    where c.slug = ${slug} and (d.id is not null or p.id is not null)`
  return row
}

/** A person's courses, the newest first. @param before only those with a smaller id */
export async function listOwnCourses(
  sql: Sql,
  person: string,
  before: number,
  limit: number,
): Promise<DeskCourse[]> {
  return await sql<DeskCourse[]>`
    select ${deskCourse(sql)}
    from courses.course_owner mine join courses.course c on c.id = mine.course_id ${aroundCourse(sql)}
    where mine.person = ${person} and mine.course_id < ${before}
      and (d.id is not null or p.id is not null)
    order by mine.course_id desc limit ${limit}`
}

/** Everybody's courses, the newest first. */
export async function listAllCourses(
  sql: Sql,
  before: number,
  limit: number,
): Promise<DeskCourse[]> {
  return await sql<DeskCourse[]>`
    select ${deskCourse(sql)} from courses.course c ${aroundCourse(sql)}
    where c.id < ${before} and (d.id is not null or p.id is not null)
    order by c.id desc limit ${limit}`
}

export async function findOwner(
  sql: Sql | Transaction,
  courseId: number,
): Promise<string | undefined> {
  const [row] = await sql<{ person: string }[]>`
    select person from courses.course_owner where course_id = ${courseId}`
  return row?.person
}

/** Whether a course has a revision: published once, or a draft. */
export async function hasRevisions(sql: Sql | Transaction, courseId: number): Promise<boolean> {
  const rows = await sql`select 1 from courses.revision where course_id = ${courseId} limit 1`
  return rows.length > 0
}

/** Makes a course somebody's, unless it has an owner. */
export async function claimCourse(
  tx: Transaction,
  courseId: number,
  person: string,
): Promise<void> {
  await tx`
    insert into courses.course_owner (course_id, person) values (${courseId}, ${person})
    on conflict (course_id) do nothing`
}

export type RevisionLine = { number: number; title: string; createdAt: Date; isPublished: boolean }

/** A course's revisions that were published, the newest first. */
export async function listRevisions(
  sql: Sql,
  courseId: number,
  limit: number,
): Promise<RevisionLine[]> {
  return await sql<RevisionLine[]>`
    select r.number, r.title, r.created_at as "createdAt",
      r.id is not distinct from c.revision_id as "isPublished"
    from courses.revision r join courses.course c on c.id = r.course_id
    where r.course_id = ${courseId} and r.number > 0 order by r.number desc limit ${limit}`
}

/** The loss report of a revision; 0 is the draft's. */
export async function findRevisionReport(
  sql: Sql,
  courseId: number,
  number: number,
): Promise<{ title: string; report: unknown } | undefined> {
  const [row] = await sql<{ title: string; report: unknown }[]>`
    select title, report from courses.revision where course_id = ${courseId} and number = ${number}`
  return row
}
