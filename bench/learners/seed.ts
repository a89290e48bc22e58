import { createHmac, randomBytes } from 'node:crypto'
import { connectTo, type Sql } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import { z } from 'zod'
import type { Installation } from '../installation.ts'

/** Somebody who is signed in and enrolled. `cookie` is a whole `Cookie` header. */
export type BenchLearner = { enrolment: string; cookie: string; attempt: string }

export const learnCourse = 9_000_001
export const regradeCourse = 9_000_002

const secretRow = z.object({ secret: z.string() })

/** So many people with a session, enrolled in a course of one quiz with so many questions. */
export async function seedLearners(
  { database, url }: Installation,
  { learners, questions }: { learners: number; questions: number },
): Promise<BenchLearner[]> {
  // Accounts makes its secrets when it is first asked for.
  await (await fetch(`${url}/sign-in`)).arrayBuffer()
  const sql = connectTo(database)
  try {
    await keepPlan(sql, learnCourse, 1, [quizItem('quiz', questions, 'a')])
    const [row] = await sql`select value from accounts.secret where name = 'cookies'`
    const { secret } = secretRow.parse(row?.value)
    const made = Array.from({ length: learners }, () => ({
      person: uuidv7(),
      enrolment: uuidv7(),
      attempt: uuidv7(),
      token: randomBytes(24).toString('hex'),
    }))
    const column = (name: keyof (typeof made)[number]) => made.map((one) => one[name])
    await sql`
      insert into accounts.person (id, name, email, email_verified)
      select id, 'Ada Bench', id || '@bench.example', true from unnest(${column('person')}::uuid[]) as id`
    await sql`
      insert into accounts.session (id, token, person_id, expires_at)
      select gen_random_uuid(), token, person, now() + interval '20 days'
      from unnest(${column('token')}::text[], ${column('person')}::uuid[]) as one (token, person)`
    await sql`
      insert into learning.enrolment (id, person, course_id, revision)
      select id, person, ${learnCourse}, 1
      from unnest(${column('enrolment')}::uuid[], ${column('person')}::uuid[]) as one (id, person)`
    await sql`analyze accounts.person, accounts.session, learning.enrolment`
    await sql`checkpoint`
    return made.map(({ enrolment, attempt, token }) => {
      const signature = createHmac('sha256', secret).update(token).digest('base64')
      const value = encodeURIComponent(`${token}.${signature}`)
      return { enrolment, attempt, cookie: `colonnade.session_token=${value}` }
    })
  } finally {
    await sql.end()
  }
}

/** A course in which so many learners handed in all of so many graded items; a quarter of them chose `b`, the others `a`. */
export async function seedGradebook(
  { database }: Installation,
  { learners, items }: { learners: number; items: number },
): Promise<void> {
  const sql = connectTo(database)
  const all = (right: (item: number) => string) =>
    Array.from({ length: items }, (_, item) => quizItem(`i${item}`, 1, right(item)))
  try {
    await keepPlan(
      sql,
      regradeCourse,
      1,
      all(() => 'a'),
    )
    await keepPlan(
      sql,
      regradeCourse,
      2,
      all((item) => (item === 0 ? 'b' : 'a')),
    )
    await keepPlan(
      sql,
      regradeCourse,
      3,
      all(() => 'b'),
    )
    await sql`
      insert into learning.enrolment (id, person, course_id, revision)
      select gen_random_uuid(), gen_random_uuid(), ${regradeCourse}, 1 from generate_series(1, ${learners})`
    await sql`
      insert into learning.attempt (id, enrolment_id, item, number, revision, seed, started_at, ended_at, ended_by,
        answers, marks, points, out_of)
      select gen_random_uuid(), e.id, 'i' || n, 1, 1, 'seed', now(), now(), 'submit',
        jsonb_build_object('q0', chosen.key), jsonb_build_array(jsonb_build_object('question', 'q0', 'of', 1,
          'points', chosen.points, 'right', chosen.points, 'parts', 1,
          'verdict', case when chosen.points = 1 then 'right' else 'wrong' end)), chosen.points, 1
      from learning.enrolment e
      cross join generate_series(0, ${items - 1}) n
      cross join lateral (
        select case when random() < 0.25 and n is not null then 'b' else 'a' end as key
      ) drawn
      cross join lateral (
        select drawn.key, case when drawn.key = 'a' then 1 else 0 end as points
      ) chosen
      where e.course_id = ${regradeCourse}`
    await sql`vacuum (analyze) learning.attempt, learning.enrolment`
    // What the seed owes the disk is not to be paid by what is measured.
    await sql`checkpoint`
  } finally {
    await sql.end()
  }
}

const option = (key: string, right: string) => ({
  key,
  html: `<p>${key}</p>`,
  right: key === right,
  explanation: '',
})

function quizItem(key: string, questions: number, right: string) {
  return {
    ...{ key, kind: 'quiz', title: key, minutes: 10, anchor: key },
    graded: { group: 'quizzes', attempts: 3, minutes: null, due: null },
    quiz: {
      ...{ key, title: key, draw: null, shuffle: true },
      questions: Array.from({ length: questions }, (_, number) => ({
        ...{ type: 'single', key: `q${number}`, html: `<p>${number}?</p>`, points: 1 },
        explanation: '',
        options: ['a', 'b', 'c', 'd'].map((one) => option(one, right)),
      })),
    },
  }
}

async function keepPlan(
  sql: Sql,
  courseId: number,
  revision: number,
  items: ReturnType<typeof quizItem>[],
): Promise<void> {
  const document = {
    ...{ courseId, revision, latest: true, slug: `bench-${courseId}`, title: 'Bench' },
    ...{ subtitle: '', language: 'en', direction: 'ltr', organisations: [] },
    modules: [
      {
        ...{ key: 'm', title: 'M' },
        lessons: [{ key: 'l', slug: 'l', title: 'L', minutes: 1, items }],
      },
    ],
    policy: {
      ...{ zone: 'UTC', attempt: 'best', late: null },
      groups: [{ key: 'quizzes', title: 'Quizzes', weight: 1, drop: 2 }],
      thresholds: [{ name: 'Pass', from: 0.75 }],
      completion: { lessons: false, threshold: 'Pass' },
    },
  }
  await sql`
    insert into learning.plan (course_id, revision, document)
    values (${courseId}, ${revision}, ${sql.json(document)}) on conflict do nothing`
}
