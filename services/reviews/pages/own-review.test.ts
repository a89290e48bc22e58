import { cacheHeaders, personHeader } from '@colonnade/http'
import { openPeople } from '@colonnade/testing/people'
import { readPermissions } from '@colonnade/testing/permissions'
import { Hono } from 'hono'
import { beforeAll, describe, expect, test } from 'vitest'
import { openReviews } from '../fixture.ts'

const course = {
  id: 7,
  slug: 'bread',
  title: 'Measuring bread',
  subtitle: '',
  language: 'en',
  subject: 'science',
  level: 'beginner',
}
const [ada, bo] = [crypto.randomUUID(), crypto.randomUUID()]
const enrolled = new Set<string>([ada])

let service: Awaited<ReturnType<typeof openReviews>>
let people: Awaited<ReturnType<typeof openPeople>>

beforeAll(async () => {
  people = await openPeople()
  const peers = new Hono()
    .get(people.keysPath, (c) => c.json(people.keys))
    .get('/internal/courses', (c) => c.json(c.req.query('ids') === '7' ? [course] : []))
    .get('/internal/people', (c) =>
      c.json([
        {
          id: c.req.query('ids'),
          name: 'Ada <Example>',
          email: 'ada@example.org',
          language: 'en',
          timeZone: 'UTC',
        },
      ]),
    )
    .get('/internal/enrolments', (c) =>
      c.json(
        enrolled.has(c.req.query('person') ?? '')
          ? [{ id: ada, courseId: 7, revision: 1, completed: null }]
          : [],
      ),
    )
  service = await openReviews(undefined, (name) => ({
    fetch: async (path, init) => await peers.fetch(new Request(`http://${name}${path}`, init)),
  }))
})

const path = '/courses/7/review'
const headersOf = async (id: string) => ({
  [personHeader]: await people.tokenOf({ id, roles: ['learner'], session: id }),
})
const visit = async (person: string | undefined, form?: Record<string, string>, at = path) =>
  await service.get(at, {
    headers: {
      'Sec-Fetch-Site': 'same-origin',
      ...(person ? await headersOf(person) : {}),
    },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  })
const published = async () =>
  (await (await service.get('/api/courses/7/reviews')).json()).items.map(
    ({ author, stars, text }: { author: string; stars: number; text: string }) => [
      author,
      stars,
      text,
    ],
  )

describe('a learner’s own review', () => {
  test('is for who is signed in, enrolled, and comes from a page of ours', async () => {
    const nobody = await visit(undefined, undefined, `/es${path}`)
    expect(nobody.headers.get('location')).toBe('/es/sign-in?next=%2Fes%2Fcourses%2F7%2Freview')
    const page = await visit(bo)
    expect(await page.text()).toContain('href="/enrol/bread"')
    expect((await visit(bo, { stars: '1' })).status).toBe(403)
    expect((await visit(ada, undefined, '/courses/8/review')).status).toBe(404)
    const elsewhere = await service.get(path, {
      method: 'POST',
      headers: { ...(await headersOf(ada)), 'Sec-Fetch-Site': 'cross-site' },
      body: new URLSearchParams({ stars: '1' }),
    })
    expect(elsewhere.status).toBe(403)
    expect(await published()).toEqual([])
  })

  test('what cannot be taken comes back with the words that were written', async () => {
    const page = await visit(ada, { stars: '6', text: 'Warm </textarea> bread' })
    expect(page.status).toBe(422)
    const html = await page.text()
    expect(html).toContain('Choose how many stars it gets.')
    expect(html).toContain('Warm &lt;/textarea&gt; bread')
  })

  test('is published under the name of the profile, once, and is text', async () => {
    const done = await visit(ada, { stars: '4', text: 'Warm.\r\n\r\n<script>' })
    expect(done.status).toBe(303)
    expect(done.headers.get('location')).toBe('/learn/bread#reviews')
    expect(done.headers.get(cacheHeaders.changed)).toBe('reviews-of:7')
    expect(await published()).toEqual([['Ada <Example>', 4, 'Warm.\n\n<script>']])
    const fragment = await (await service.get('/fragments/reviews/reviews?course=7')).text()
    expect(fragment).toContain('href="/courses/7/review"')
    expect(fragment).not.toContain('<script>')
    await visit(ada, { stars: '5', text: 'Warmer.' })
    expect(await published()).toEqual([['Ada <Example>', 5, 'Warmer.']])
    expect(await (await visit(ada)).text()).toContain('Warmer.')
  })

  test('can be changed and deleted by who has left the course', async () => {
    enrolled.delete(ada)
    expect((await visit(ada, { stars: '2', text: 'Cold.' })).status).toBe(303)
    expect(await published()).toEqual([['Ada <Example>', 2, 'Cold.']])
    expect((await visit(ada, { remove: 'yes' })).status).toBe(303)
    expect(await published()).toEqual([])
    const summary = await (await service.get('/api/courses/7/reviews/summary')).json()
    expect(summary).toMatchObject({ count: 0, average: 0 })
    expect((await visit(ada, { stars: '2', text: 'Again.' })).status).toBe(403)
  })
})

test.each(readPermissions('reviews'))('$method $path', async ({ method, path: at, answers }) => {
  const someone = { nobody: undefined, stranger: bo, learner: ada, author: crypto.randomUUID() }
  enrolled.add(ada)
  enrolled.add(someone.author)
  await visit(someone.author, { stars: '3', text: '' })
  enrolled.delete(someone.author)
  for (const [who, person] of Object.entries(someone)) {
    const answer = await visit(person, method === 'POST' ? { stars: '3', text: '' } : undefined, at)
    const away = answer.headers.get('location')?.startsWith('/sign-in') ? 'sign in' : 'yes'
    expect(answer.status === 403 ? 'no' : away, who).toBe(answers[who])
  }
})
