import type { Sql, Transaction } from '@colonnade/db'
import type postgres from 'postgres'

/** Tables whose ids are numbers; each is locked for a moment while ids are set aside. */
export type Numbered =
  | 'courses.course'
  | 'courses.revision'
  | 'courses.module'
  | 'courses.lesson'
  | 'courses.item'
  | 'instructors.instructor'
  | 'instructors.organisation'

/** Sets `count` ids aside that nobody else gets, behind all there are and `behind`. @returns the first */
export async function reserveIds(
  sql: Sql,
  table: Numbered,
  count: number,
  behind = 0,
): Promise<number> {
  if (count === 0) return 1
  return await sql.begin(async (tx) => {
    await tx`lock table ${tx(table)} in share row exclusive mode`
    const [row] = await tx<{ last: number }[]>`
      select setval(pg_get_serial_sequence(${table}, 'id'), greatest(
        nextval(pg_get_serial_sequence(${table}, 'id')) - 1, (select max(id) from ${tx(table)}), ${behind}::bigint
      ) + ${count}) as last`
    if (!row) throw new Error('a sequence answered nothing')
    return Number(row.last) - count + 1
  })
}

/** The last course that anybody teaches, whether or not there is such a course; 0 for none. */
export async function findLastTaught(sql: Sql): Promise<number> {
  const [row] = await sql<{ last: number }[]>`
    select coalesce(max(course_id), 0)::float8 as last from instructors.teaching`
  return row?.last ?? 0
}

/** Whether these courses, or the summaries of their reviews, are there already. */
export async function isFilled(
  tx: Transaction,
  table: 'courses.course' | 'reviews.summary',
  firstCourse: number,
): Promise<boolean> {
  const id = tx(table === 'courses.course' ? 'id' : 'course_id')
  return (await tx`select 1 from ${tx(table)} where ${id} = ${firstCourse}`).length > 0
}

type Copy = (tx: Transaction) => postgres.PendingQuery<postgres.Row[]>

/** COPYs of people and what they teach, into the live tables' schema or another one; columns as in `people-text.ts`. */
export const peopleCopies = {
  instructor: (tx: Transaction, schema: string) =>
    tx`copy ${tx(`${schema}.instructor`)} (id, first_name, middle_name, last_name, academic_title,
      title, organisation, biography, learners, ratings, average_rating, example) from stdin`,
  teaching: (tx: Transaction, schema: string) =>
    tx`copy ${tx(`${schema}.teaching`)} (course_id, instructor_id, role, place) from stdin`,
}

/** A COPY for each other table, with its columns in the order of its rows in `rows.ts`. */
export const copies = {
  organisation: (tx) =>
    tx`copy instructors.organisation (id, name, url, description, example) from stdin`,
  offered_by: (tx) =>
    tx`copy instructors.offered_by (course_id, organisation_id, place) from stdin`,
  review: (tx) =>
    tx`copy reviews.review (id, course_id, learner, stars, example, author, text, created_at,
      updated_at) from stdin`,
  summary: (tx) =>
    tx`copy reviews.summary (course_id, count, sum, n1, n2, n3, n4, n5, example_count, example_sum)
      from stdin`,
  course: (tx) =>
    tx`copy seeded_course (id, revision_id, slug, title, subtitle, subject, level, skills, outcomes,
      description, minutes, lesson_count, modules, first_lesson, learners, teachers, teachers_text,
      rating_average, rating_count, hash, published_at) from stdin`,
  run: (tx) => tx`copy courses.run (course_id) from stdin`,
  module: (tx) => tx`copy courses.module (id, course_id, key) from stdin`,
  module_revision: (tx) =>
    tx`copy courses.module_revision (revision_id, module_id, position, title, summary)
      from stdin`,
  lesson: (tx) => tx`copy courses.lesson (id, course_id, key) from stdin`,
  lesson_revision: (tx) =>
    tx`copy courses.lesson_revision (revision_id, lesson_id, module_id, position, slug, title, path,
      minutes, html, text, opening_html) from stdin`,
  item: (tx) => tx`copy courses.item (id, course_id, key) from stdin`,
  item_revision: (tx) =>
    tx`copy courses.item_revision (revision_id, item_id, lesson_id, position, kind, title, minutes)
      from stdin`,
} satisfies Record<string, Copy>

export type Table = keyof typeof copies

/** Courses and their revisions point at each other, so both are made from here, in one statement. */
export async function makeCourseStage(tx: Transaction): Promise<void> {
  await tx`
    create temporary table seeded_course (
      id bigint, revision_id bigint, slug text, title text, subtitle text, subject text, level text,
      skills text[], outcomes text[], description text, minutes integer, lesson_count integer,
      modules jsonb, first_lesson jsonb, learners bigint, teachers jsonb, teachers_text text,
      rating_average numeric(3, 2), rating_count integer, hash text, published_at timestamptz
    ) on commit drop`
}

/** Makes what was staged into courses, their revisions and their self-paced runs, `count` at a time from `first`. */
export async function insertStaged(tx: Transaction, first: number, count: number): Promise<void> {
  await tx`
    with staged as materialized (
      select * from seeded_course where id >= ${first} and id < ${first + count}
    ), revised as (
      insert into courses.revision (id, course_id, number, hash, title, subtitle, language,
        direction, subject, level, skills, outcomes, description_html, licence, attribution,
        created_at)
      select revision_id, id, 1, decode(hash, 'hex'), title, subtitle, 'en', 'ltr', subject, level,
        skills, outcomes, '<p>' || description || '</p>', 'CC0-1.0', 'Made up by colonnade seed',
        published_at
      from staged
    )
    insert into courses.course (id, key, slug, revision_id, published_at, learners, title, subtitle,
      subject, level, skills, description, minutes, lesson_count, modules, first_lesson, teachers,
      teachers_text, rating_average, rating_count)
    select id, slug, slug, revision_id, published_at, learners, title, subtitle, subject, level,
      skills, description, minutes, lesson_count, modules, first_lesson, teachers, teachers_text,
      rating_average, rating_count
    from staged`
}

/** A stage has no statistics of its own, and is read by id. */
export async function indexStage(tx: Transaction): Promise<void> {
  await tx`create index on seeded_course (id)`
  await tx`analyze seeded_course`
}

const analysed = {
  courses: [
    'course',
    'revision',
    'module',
    'lesson',
    'item',
    'module_revision',
    'lesson_revision',
    'item_revision',
    'run',
  ],
  instructors: ['instructor', 'teaching', 'organisation', 'offered_by'],
  reviews: ['review', 'summary'],
} as const

/** Without fresh statistics a table that grew a thousandfold is read as if it were small. */
export async function analyse(sql: Sql, service: keyof typeof analysed): Promise<void> {
  for (const table of analysed[service]) await sql`vacuum (analyze) ${sql(`${service}.${table}`)}`
}
