import type { Sql } from '@colonnade/db'

/** A part of a revision. `content` is a digest of what is in it; null where its title says all. */
export type OutlinePart = {
  key: string
  title: string
  content: string | null
  /** Whether it counts towards a grade. */
  graded?: boolean
}

/** What a revision consists of; quizzes and exercises are its items. */
export type Outline = { modules: OutlinePart[]; lessons: OutlinePart[]; items: OutlinePart[] }

/** A revision's parts in order; 0 is the draft. */
export async function findOutline(
  sql: Sql,
  courseId: number,
  number: number,
): Promise<Outline | undefined> {
  const [row] = await sql<Outline[]>`
    select coalesce((
        select json_agg(json_build_object('key', i.key, 'title', m.title, 'content', null)
          order by m.position)
        from courses.module_revision m join courses.module i on i.id = m.module_id
        where m.revision_id = r.id), '[]'::json) as modules,
      coalesce((
        select json_agg(json_build_object('key', i.key, 'title', l.title, 'content', md5(concat_ws(
          E'\\n', l.html, l.questions::text, l.objectives::text, l.keypoints::text)))
          order by l.position)
        from courses.lesson_revision l join courses.lesson i on i.id = l.lesson_id
        where l.revision_id = r.id), '[]'::json) as lessons,
      coalesce((
        select json_agg(json_build_object('key', i.key, 'title', t.title,
          'graded', t.graded is not null, 'content', (
            select md5(concat_ws(E'\\n', q::text, t.graded::text))
            from jsonb_array_elements(l.quizzes) q where q ->> 'key' = t.anchor limit 1))
          order by l.position, t.position)
        from courses.item_revision t
        join courses.item i on i.id = t.item_id
        join courses.lesson_revision l on l.revision_id = r.id and l.lesson_id = t.lesson_id
        where t.revision_id = r.id and t.kind <> 'reading'), '[]'::json) as items
    from courses.revision r where r.course_id = ${courseId} and r.number = ${number}`
  return row
}
