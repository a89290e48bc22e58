import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import { explain, isIndexOnly, type Recorder, recordStatements } from '@colonnade/testing/plans'
import type postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { instructorsClient } from './contract.ts'
import { openInstructors } from './fixture.ts'
import { instructors } from './service.ts'

let sql: postgres.Sql
let sent: Recorder['sent']

beforeAll(async () => {
  const { url } = await testDatabase('instructors', async (fresh) => {
    await migrate(fresh, 'instructors', instructors.migrations)
  })
  ;({ sql, sent } = recordStatements(url))
  await sql`
    insert into instructors.instructor (first_name, last_name)
    select 'First' || n, 'Last' || n from generate_series(1, 20000) n`
  await sql`
    insert into instructors.teaching (course_id, instructor_id, role)
    select n / 4 + 1, n, case when n % 4 = 0 then 'primary' else 'assistant' end from generate_series(1, 20000) n`
  await sql`insert into instructors.organisation (name) select 'Name' || n from generate_series(1, 5000) n`
  await sql`
    insert into instructors.offered_by (course_id, organisation_id)
    select n, n from generate_series(1, 5000) n`
  await sql`
    insert into instructors.testimonial (id, course_id, author, text)
    select gen_random_uuid(), n % 2000, 'A', 'T' from generate_series(1, 20000) n`
  await sql`
    insert into instructors.instructor_key (course_id, key, instructor_id)
    select course_id, 'k' || instructor_id, instructor_id from instructors.teaching`
  await sql`
    insert into instructors.organisation_key (course_id, key, organisation_id)
    select course_id, 'k' || organisation_id, organisation_id from instructors.offered_by`
  // Which pages all can see is known by a vacuum alone, and decides whether an index suffices.
  await sql`vacuum (analyze)`
})

/** The services' statements since the last call, each with its plan. */
async function plans() {
  const queries = [...sent.keys()].filter((query) => /instructors\./.test(query))
  sent.clear()
  return await Promise.all(
    queries.map(async (query) => ({ query, nodes: await explain(sql, query) })),
  )
}

const sizes = { hot: 1, work: 1, background: 1 }

async function open() {
  return await openInstructors({
    hot: sql,
    work: sql,
    background: sql,
    sizes,
    close: async () => {},
  })
}

test('no read walks through a whole table', async () => {
  const service = await open()
  const backend = {
    fetch: async (path: string, init?: RequestInit) => await service.get(path, init),
  }
  const client = instructorsClient(backend, service.context.trust)
  sent.clear()
  for (const path of [
    '/api/instructors',
    '/api/instructors?q=last1',
    '/api/instructors/5',
    '/api/courses/5/instructors',
    '/api/courses/5/instructors/primary',
    '/api/organisations',
    '/api/organisations/5',
    '/api/courses/5/organisations',
    '/api/courses/5/testimonials',
    '/fragments/instructors/instructors?course=5',
    '/fragments/instructors/offered-by?course=5',
    '/fragments/instructors/testimonials?course=5',
    '/fragments/instructors/profile?id=5',
  ]) {
    expect([path, (await service.get(path)).status]).toEqual([path, 200])
  }
  expect(await client.listTeachers([1, 2, 3])).toHaveLength(3)
  const reads = await plans()
  expect(reads).toHaveLength(15)
  for (const { query, nodes } of reads) {
    expect([query, nodes.filter(({ type }) => type === 'Seq Scan')]).toEqual([query, []])
    // What somebody teaches stands in an index whole.
    if (query.includes('own.instructor_id') || query.includes('instructor_id =')) {
      if (query.includes('t.instructor_id = i.id') && !query.includes('own.')) continue
      expect([query, isIndexOnly(nodes, 'teaching_instructor')]).toEqual([query, true])
    }
  }
})

test('no write walks through a whole table', async () => {
  const service = await open()
  const person = {
    firstName: 'Ada',
    lastName: 'Example',
    teaches: [{ courseId: 90_000, role: 'primary' }],
  }
  sent.clear()
  const made = await service.write('POST', '/api/instructors', person, {
    'Idempotency-Key': crypto.randomUUID(),
  })
  const { id } = await made.json()
  const read = await service.get(`/api/instructors/${id}`)
  const etag = read.headers.get('etag') ?? ''
  const changed = { ...person, teaches: [{ courseId: 90_001, role: 'assistant' }] }
  const put = await service.write('PUT', `/api/instructors/${id}`, changed, { 'If-Match': etag })
  const gone = await service.write('DELETE', `/api/instructors/${id}`)
  expect([made.status, put.status, gone.status]).toEqual([201, 200, 204])
  const one = { key: 'a', firstName: 'Bea', lastName: 'Example', role: 'primary', example: false }
  const nothing = { middleName: '', academicTitle: '', title: '', organisation: '', biography: '' }
  const teaching = {
    people: [{ ...one, ...nothing, photo: null }],
    organisations: [
      { key: 'o', name: 'School', url: '', description: '', logo: null, example: false },
    ],
    testimonials: [{ author: 'Cy', role: '', text: 'Good.', example: true }],
  }
  for (let times = 0; times < 2; times++) {
    const taken = await service.inside('/internal/teaching/90002', {
      method: 'PUT',
      body: JSON.stringify(teaching),
    })
    expect(taken.ok).toBe(true)
  }
  const writes = await plans()
  expect(writes.length).toBeGreaterThan(15)
  for (const { query, nodes } of writes) {
    expect([query, nodes.filter(({ type }) => type === 'Seq Scan')]).toEqual([query, []])
  }
})
