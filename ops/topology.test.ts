import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './testing/colonnade.ts'
import { courseFragments, steady } from './testing/compare.ts'
import { look, slug } from './testing/course-page.ts'
import { installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import { whole } from './testing/suffer.ts'
import { type Serving, Trial } from './testing/trial.ts'

const trial = new Trial()
const shared = { COLONNADE_URL: 'https://learn.example.org', SITE_NAME: 'Topology' }
let single: Serving
let parts: Parts

beforeAll(async () => {
  const databaseUrl = await installedDatabase(trial)
  const settings = trial.settings('single', { ...shared, DATABASE_URL: databaseUrl })
  single = await trial.serve(['start'], settings)
  // A busy machine may be late the first time; the page heals by itself.
  await eventually(async () => expect((await look(single.url)).away).toBe(0))
  parts = await openParts(trial, databaseUrl, { split: true, shared })
  await whole(parts)
}, 120_000)

afterAll(async () => {
  await parts?.close()
  await trial.close()
})

const paths = [
  `/learn/${slug}`,
  `/es/learn/${slug}`,
  `/learn/${slug}/lessons/first`,
  '/',
  '/courses?level=beginner',
  '/instructors/1',
  '/learn/none-of-this-name',
  '/api/openapi.json',
  '/sitemap.xml',
]

test.each(paths)('one process and one for each part answer alike: %s', async (path) => {
  const alone = await steady(single.url + path)
  expect(alone.headers[0]).toEqual([':status', path.includes('none') ? '404' : '200'])
  expect(alone.body).not.toContain(' away for now.')
  expect(await steady(parts.proxy.url + path)).toEqual(alone)
})

test('a write through a service shows on the page of a proxy elsewhere', async () => {
  const write = async (base: string, path: string, body: unknown) => {
    const response = await fetch(base + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(201)
  }
  await look(parts.proxy.url)
  const text = `Written ${crypto.randomUUID()}`
  const review = { learner: crypto.randomUUID(), author: 'Lee', stars: 1, text }
  await write(parts.services.reviews.url, `/api/courses/${parts.courseId}/reviews`, review)
  const teaches = [{ courseId: parts.courseId, role: 'assistant' }]
  const person = { firstName: 'Grace', lastName: 'Newcomer', teaches }
  await write(parts.services.instructors.url, '/api/instructors', person)
  await eventually(async () => {
    const { html } = await look(parts.proxy.url)
    expect(html).toContain(text)
    expect(html.split('Grace Newcomer').length - 1).toBeGreaterThan(1)
  }, 10_000)
  // The banner's copies followed: an average of four stars and one.
  const banner = (await courseFragments(parts)).find(({ name }) => name === 'banner')?.html ?? ''
  expect(banner).toContain('2.5')
  expect(banner).toContain('Grace Newcomer')
  expect((await look(parts.proxy.url)).html).toContain(banner)
})
