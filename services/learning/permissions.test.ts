import { uuidv7 } from '@colonnade/http'
import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan } from './fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from './fixture/service.ts'
import { learning } from './service.ts'

const rows = readPermissions('the API of learning')
type Ask = (method: string, path: string, body?: unknown) => Promise<Response>

let service: LearningFixture
const who = new Map<string, Ask>()

beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
  const instructor = await service.person('learner', 'instructor')
  const owner = await service.person('learner', 'instructor')
  service.peers.owners.set(1, [owner.id])
  const administrator = await service.person('learner', 'instructor', 'administrator')
  who.set('nobody', async (method, path, body) =>
    service.get(path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    }),
  )
  who.set('another learner', (await enrolled(service, 1)).ask)
  who.set('instructor', instructor.ask)
  who.set('owner', owner.ask)
  who.set('administrator', administrator.ask)
  who.set('operator', service.operator)
})

/** What each address that is written to takes. */
const bodies: Record<string, () => unknown> = {
  'POST /api/enrolments': () => ({ courseId: 1 }),
  'POST /api/enrolments/{enrolment}/log': () => ({ entries: [entry('done', { lesson: 'l1' })] }),
  'POST /api/enrolments/{enrolment}/attempts': () => ({ id: uuidv7(), item: 'exam' }),
  'POST /api/enrolments/{enrolment}/extensions': () => ({ item: 'exam', attempts: 1 }),
  'POST /api/attempts/{attempt}/marks': () => ({ question: 'e1', points: 1 }),
  'PUT /api/courses/{course}/intake': () => ({ mode: 'open' }),
  'POST /api/courses/{course}/regrade': () => ({}),
  'POST /api/courses/{course}/move': () => ({}),
}

function meaning({ status }: Response): string {
  if (status === 403) return 'no'
  return [200, 201, 204].includes(status) ? 'yes' : String(status)
}

test('the table names every address of the API', () => {
  const named = new Set(rows.map(({ path }) => path.split('?')[0]?.replace(/\{\w+\}/, ':id')))
  const routes = learning.routes.filter((route) => !/certificate|credential|^\/(my|\.)/.test(route))
  for (const route of routes) expect([...named]).toContain(route)
})

test.each(rows)('$method $path', async ({ method, path, answers }) => {
  for (const [role, expected] of Object.entries(answers)) {
    const learner = await enrolled(service, 1)
    const attempt = await learner.handIn('essay', { e1: { text: 'Because.', files: [] } })
    const ask = role === 'learner' ? learner.ask : who.get(role)
    const address = path
      .replace('{enrolment}', learner.enrolment)
      .replace('{attempt}', attempt)
      .replace('{course}', '1')
    const body = bodies[`${method} ${path}`]?.()
    const answer = await ask?.(method, address, body)
    expect([role, answer && meaning(answer)]).toEqual([role, expected])
  }
})

test.each(rows.filter(({ path }) => path.includes('{')))(
  '$method $path of what is not there',
  async ({ method, path }) => {
    const nothing = path.replace('{course}', '77').replace(/\{\w+\}/, uuidv7())
    const body = bodies[`${method} ${path}`]?.()
    const learner = await service.person()
    const administrator = who.get('administrator')
    expect([403, 404]).toContain((await learner.ask(method, nothing, body)).status)
    const answer = await administrator?.(method, nothing, body)
    const empty = /learners|essays|regrades|intake$/.test(path) && method === 'GET'
    expect(answer?.status).toBe(empty ? 200 : 404)
  },
)
