import { personHeader, uuidv7 } from '@colonnade/http'
import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { enrolled, type LearningFixture, openLearning } from '../fixture/service.ts'
import { personal } from './paths.ts'
import { addFile, putCalendar } from './queries.ts'

const rows = readPermissions('pages of a course’s learner')
const token = 'a-calendar-of-the-learner'

let service: LearningFixture
let learner: string
const names: Record<string, string> = { slug: 'course-1', item: 'exam', file: `${token}.ics` }
/** Headers by which each of the table's head is known. */
const headers = new Map<string, () => Promise<Record<string, string>>>()

beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
  const one = await enrolled(service, 1)
  learner = one.id
  const { id: attempt } = await one.start('essay')
  const file = { id: uuidv7(), attempt, question: 'e1', name: 'a.txt', type: 'text/plain' }
  await addFile(service.db.work, { ...file, bytes: new Uint8Array([97]) })
  await putCalendar(service.db.work, one.id, token)
  names.id = file.id
  const signed = (id: string, role: 'learner' | 'administrator') => async () => ({
    [personHeader]: await service.peers.sign(id, [role]),
  })
  headers.set('nobody', async () => ({}))
  headers.set('learner in it', signed(one.id, 'learner'))
  headers.set('learner', signed(uuidv7(), 'learner'))
  headers.set('administrator', signed(uuidv7(), 'administrator'))
})

function meaning(answer: Response): string {
  const location = answer.headers.get('location') ?? ''
  if (location.startsWith('/sign-in?next=')) return 'sign in'
  if (location.startsWith('/enrol/')) return 'enrol'
  if (answer.status === 403) return 'no'
  return [200, 303, 409, 422].includes(answer.status) ? 'yes' : String(answer.status)
}

test('the table names every page', () => {
  expect(new Set(rows.map(({ path }) => path))).toEqual(new Set(personal))
})

test.each(rows)('$method $path', async ({ method, path, answers }) => {
  const address = path.replace(/:(\w+)/g, (_, name: string) => names[name] ?? '')
  for (const [who, expected] of Object.entries(answers)) {
    const own = (await headers.get(who)?.()) ?? {}
    const form = { _attempt: uuidv7(), _do: 'start', done: 'l1' }
    const init =
      method === 'GET'
        ? { headers: own }
        : {
            method,
            headers: { ...own, 'Sec-Fetch-Site': 'same-origin' },
            body: new URLSearchParams(form),
          }
    expect(meaning(await service.get(address, init)), who).toBe(expected)
    if (method === 'POST') {
      const elsewhere = { ...init, headers: { ...own, 'Sec-Fetch-Site': 'cross-site' } }
      expect((await service.get(address, elsewhere)).status, who).toBe(403)
    }
    // Those who enrolled or left are as they were for the next row.
    await service.db.work`
      update learning.enrolment set left_at = case when person = ${learner} then null else now() end`
    await putCalendar(service.db.work, learner, token)
  }
})
