import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import postgres from 'postgres'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { instructorsClient } from './contract.ts'
import { openInstructors } from './fixture.ts'
import { instructors } from './service.ts'

/** Every statement that one request after the other sent. */
const sent = new Set<string>()
let sql: postgres.Sql

beforeAll(async () => {
  const { url } = await testDatabase('instructors', async (fresh) => {
    await migrate(fresh, 'instructors', instructors.migrations)
  })
  sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    debug: (_, query) => sent.add(query),
  })
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
  await sql`analyze`
})

type Plan = {
  'Node Type': string
  'Relation Name'?: string | undefined
  Plans?: Plan[] | undefined
}
const plan: z.ZodType<Plan> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  Plans: z.lazy(() => z.array(plan)).optional(),
})
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: plan })) }))

const nodes = (one: Plan): Plan[] => [one, ...(one.Plans ?? []).flatMap(nodes)]

test('no read walks through a whole table', async () => {
  const service = await openInstructors({
    hot: sql,
    work: sql,
    background: sql,
    sizes: { hot: 1, work: 1, background: 1 },
    close: async () => {},
  })
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
  const reads = [...sent].filter((query) => /instructors\./.test(query))
  expect(reads).toHaveLength(15)
  for (const query of reads) {
    // The plan that serves every parameter: the worst that a prepared statement comes to.
    const rows = explained.parse(await sql.unsafe(`explain (generic_plan, format json) ${query}`))
    const walked = rows
      .flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => nodes(Plan)))
      .filter((node) => node['Node Type'] === 'Seq Scan')
    expect([query, walked]).toEqual([query, []])
  }
})
