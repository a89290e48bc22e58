import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, expect, test } from 'vitest'
import { folder, openCourses, zipOf } from '../fixture/service.ts'
import { personal } from './paths.ts'

const rows = readPermissions('courses')

type Service = Awaited<ReturnType<typeof openCourses>>
let visitors: Record<string, ReturnType<Service['visitor']>>

const quiz =
  '---\ntitle: Water\nteaching: 30\nexercises: 0\n---\n\n:::::: {.quiz #check}\n\n:::: question\n\nIs it wet?\n\n- [x] Yes\n- [ ] No\n\n::::\n\n::::::\n'

beforeAll(async () => {
  const { visitor } = await openCourses()
  visitors = {
    nobody: visitor(),
    learner: visitor('learner'),
    'its instructor': visitor('learner', 'instructor'),
    'another instructor': visitor('learner', 'instructor'),
    administrator: visitor('learner', 'instructor', 'administrator'),
  }
  const own = visitors['its instructor']
  const course = folder({ 'episodes/02-water.md': quiz })
  expect((await own?.upload(await zipOf(course)))?.status).toBe(303)
  await own?.form('/teach/measuring-bread/publish', { draft: await own.draft('measuring-bread') })
  await own?.upload(await zipOf({ ...course, 'index.md': 'Another text.\n' }))
})

const address = (path: string) =>
  path
    .replace(':slug', 'measuring-bread')
    .replace(':lesson', 'water')
    .replace(':quiz', 'check')
    .replace('*', 'episodes/data/table.csv')

function meaning({ status, headers }: Response): string {
  if (headers.get('location')?.startsWith('/sign-in?next=')) return 'sign in'
  if (status === 403) return 'no'
  return [200, 303, 409, 422].includes(status) ? 'yes' : String(status)
}

test('the table names every page, and nothing else', () => {
  expect(new Set(rows.map(({ path }) => path))).toEqual(new Set(personal))
})

test.each(rows)('$method $path', async ({ method, path, answers }) => {
  const meant: Record<string, string> = {}
  for (const [who, visitor] of Object.entries(visitors)) {
    const at = address(path)
    const answer = method === 'GET' ? await visitor.get(at) : await visitor.form(at)
    meant[who] = meaning(answer)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  }
  expect(meant).toEqual(answers)
  // Whoever hid it last, the next row finds it on the site.
  await visitors.administrator?.form(address('/teach/:slug/show'))
})

test('a form from a page of another site is refused, whoever sends it', async () => {
  for (const { method, path } of rows) {
    if (method === 'GET') continue
    const answer = await visitors.administrator?.post(address(path), new URLSearchParams(), {
      'Sec-Fetch-Site': 'cross-site',
    })
    expect([path, answer?.status]).toEqual([path, 403])
  }
})
