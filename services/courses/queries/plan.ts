import type { Sql } from '@colonnade/db'
import { defaultPolicy } from '@colonnade/questions'
import type { CoursePlan } from '../contract.ts'

type Row = Omit<CoursePlan, 'policy'> & { policy: CoursePlan['policy'] | null }

/**
 * What learning has to know of a revision, answers included; null: of the published one. Revisions stay for those who
 * are enrolled, also when their course is off the site.
 */
export async function findPlan(
  sql: Sql,
  courseId: number,
  revision: number | null,
): Promise<CoursePlan | undefined> {
  const [row] = await sql<Row[]>`
    select c.id as "courseId", r.number as revision, r.id is not distinct from c.revision_id as latest,
      c.slug, r.title, r.subtitle, r.language, r.direction, r.organisations, r.policy, coalesce((
        select json_agg(json_build_object('key', i.key, 'title', m.title, 'lessons', coalesce((
            select json_agg(json_build_object('key', k.key, 'slug', l.slug, 'title', l.title,
              'minutes', l.minutes, 'items', coalesce((
                select json_agg(json_build_object('key', n.key, 'kind', t.kind, 'title', t.title,
                  'minutes', t.minutes, 'anchor', t.anchor, 'graded', t.graded, 'quiz', (
                    select q from jsonb_array_elements(l.quizzes) q
                    where t.kind in ('quiz', 'assignment') and q ->> 'key' = t.anchor limit 1)
                  ) order by t.position)
                from courses.item_revision t join courses.item n on n.id = t.item_id
                where t.revision_id = r.id and t.lesson_id = l.lesson_id), '[]'::json)
              ) order by l.position)
            from courses.lesson_revision l join courses.lesson k on k.id = l.lesson_id
            where l.revision_id = r.id and l.module_id = m.module_id), '[]'::json)
          ) order by m.position)
        from courses.module_revision m join courses.module i on i.id = m.module_id
        where m.revision_id = r.id), '[]'::json) as modules
    from courses.course c
    join courses.revision r on r.course_id = c.id
      and ${revision === null ? sql`r.id = c.revision_id` : sql`r.number = ${revision}::bigint`}
    where c.id = ${courseId}`
  if (!row) return undefined
  const items = row.modules.flatMap(({ lessons }) => lessons.flatMap((lesson) => lesson.items))
  const groups = items.flatMap((item) => item.graded?.group ?? [])
  return { ...row, policy: row.policy ?? defaultPolicy(groups) }
}
