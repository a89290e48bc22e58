import type { Sql } from '@colonnade/db'

export type Identity = {
  id: number
  key: string
  slug: string
  published: boolean
  /** Of the newest revision that was ever published; null before the first. */
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
    select * from courses.revision r where r.course_id = c.id and r.number > 0
    order by r.number desc limit 1
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
