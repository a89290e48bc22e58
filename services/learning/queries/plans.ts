import { type CoursePlan, coursePlan } from '@colonnade/courses/contract'
import type { Sql } from '@colonnade/db'

export async function findPlan(
  sql: Sql,
  courseId: number,
  revision: number,
): Promise<CoursePlan | undefined> {
  const [row] = await sql<{ document: unknown }[]>`
    select document from learning.plan where course_id = ${courseId} and revision = ${revision}`
  return row ? coursePlan.parse(row.document) : undefined
}

/** The newest revision that we keep of a course which had this slug, published or not. */
export async function findKeptAt(
  sql: Sql,
  slug: string,
): Promise<{ courseId: number; revision: number } | undefined> {
  const [row] = await sql<{ courseId: number; revision: number }[]>`
    select course_id as "courseId", revision from learning.plan where document ->> 'slug' = ${slug}
    order by revision desc limit 1`
  return row
}

export async function keepPlan(sql: Sql, plan: CoursePlan): Promise<void> {
  const document = coursePlan.parse(plan)
  await sql`
    insert into learning.plan (course_id, revision, document)
    values (${plan.courseId}, ${plan.revision}, ${sql.json(document)})
    on conflict do nothing`
}
