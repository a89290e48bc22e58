import type { Sql } from '@colonnade/db'

/** Which courses pages are made of: those that are published, or drafts as they would be. */
export type Shown = 'published' | 'draft'

/** A relation with the columns of `courses.course` that pages read. */
export const coursesShown = (sql: Sql, shown: Shown) =>
  shown === 'published' ? sql`courses.course` : drafts(sql)

const drafts = (sql: Sql) => sql`(
  select c.id, d.slug, d.revision_id, r.title, r.subtitle, r.language, r.direction, r.subject,
    r.level, r.skills, r.image, r.sample, d.listing ->> 'description' as description,
    (d.listing ->> 'minutes')::int as minutes, (d.listing ->> 'lessonCount')::int as lesson_count,
    d.listing -> 'columns' as modules, nullif(d.listing -> 'firstLesson', 'null') as first_lesson,
    c.learners, c.rating_average, c.rating_count, d.uploaded_at as published_at, c.version,
    case when d.teaching is null then c.teachers else coalesce((
      select jsonb_agg(jsonb_build_object('id', 0, 'role', p ->> 'role',
        'name', concat_ws(' ', p ->> 'firstName', nullif(p ->> 'middleName', ''), p ->> 'lastName'),
        'organisation', nullif(p ->> 'organisation', '')))
      from jsonb_array_elements(d.teaching -> 'people') p), '[]') end as teachers
  from courses.draft d
  join courses.course c on c.id = d.course_id
  join courses.revision r on r.id = d.revision_id)`
