import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import { explain, type Recorder, recordStatements } from '@colonnade/testing/plans'
import type postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan } from './fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from './fixture/service.ts'
import { learning } from './service.ts'

let sql: postgres.Sql
let sent: Recorder['sent']
let service: LearningFixture

beforeAll(async () => {
  const { url } = await testDatabase('learning', async (fresh) => {
    await migrate(fresh, 'learning', learning.migrations)
  })
  ;({ sql, sent } = recordStatements(url))
  await sql`
    insert into learning.enrolment (id, person, course_id, revision)
    select gen_random_uuid(), gen_random_uuid(), n % 20 + 100, 1 from generate_series(1, 4000) n`
  await sql`
    insert into learning.attempt (id, enrolment_id, item, number, revision, seed, ended_at, ended_by, answers, marks,
      points, out_of)
    select gen_random_uuid(), id, 'exam', n, 1, 's', now(), 'submit', '{}', '[]', 1, 2
    from learning.enrolment, generate_series(1, 5) n`
  await sql`
    insert into learning.log (enrolment_id, id, type, at, received_at, data, state)
    select id, gen_random_uuid(), 'answer', 1, now(), '{}', 'kept'
    from learning.enrolment, generate_series(1, 10) n`
  await sql`
    insert into learning.head (enrolment_id, subject, entry)
    select enrolment_id, 'answer ' || gen_random_uuid() || ' q', id from learning.log`
  await sql`
    insert into learning.progress (enrolment_id, lesson, reached_at, last_at)
    select id, 'l' || n, now(), now() from learning.enrolment, generate_series(1, 5) n`
  await sql`
    insert into learning.grade (enrolment_id, revision, share, waiting) select id, 1, 1, 0 from learning.enrolment`
  await sql`insert into learning.intake (course_id) select n from generate_series(1000, 3000) n`
  await sql`vacuum (analyze)`
  const sizes = { hot: 1, work: 1, background: 1 }
  service = await openLearning({
    hot: sql,
    work: sql,
    background: sql,
    sizes,
    close: async () => {},
  })
  service.publish(coursePlan(1))
})

/** Tables that stay small, or that these statements read a few rows of in any case. */
const small = new Set(['plan', 'mark', 'extension', 'awaited', 'regrade', 'move'])

test('nothing that a learner does walks through a whole table', async () => {
  sent.clear()
  const one = await enrolled(service, 1)
  const { id: attempt } = await one.start('exam')
  const answer = entry('answer', { attempt, question: 'q1', data: { answer: 'a' } })
  await one.add(answer, entry('position', { lesson: 'l1' }), entry('done', { lesson: 'l1' }))
  await one.add(
    entry('answer', { attempt, question: 'q1', after: answer.id, data: { answer: 'b' } }),
  )
  await one.add(entry('submit', { attempt }))
  for (const path of [one.path, `${one.path}/grade`, `${one.path}/log`, `/api/attempts/${attempt}`])
    expect([path, (await one.ask('GET', path)).status]).toEqual([path, 200])
  await one.ask('POST', `${one.path}/leave`)
  const queries = [...sent.keys()].filter((query) => /learning\./.test(query))
  expect(queries.length).toBeGreaterThan(20)
  for (const query of queries) {
    const found = (await explain(sql, query)).filter(
      ({ type, table = '' }) => type === 'Seq Scan' && !small.has(table),
    )
    expect([query, found]).toEqual([query, []])
  }
})
