import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type CourseFragment, courseFragments } from './testing/compare.ts'
import { look, owners, slug } from './testing/course-page.ts'
import { installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import { whole } from './testing/suffer.ts'
import { Trial } from './testing/trial.ts'

const trial = new Trial()
let databaseUrl: string
let parts: Parts
let fragments: CourseFragment[]

beforeAll(async () => {
  databaseUrl = await installedDatabase(trial)
  parts = await openParts(trial, databaseUrl, { split: true })
  await whole(parts)
  fragments = await courseFragments(parts)
}, 120_000)

afterAll(async () => {
  await parts?.close()
  await trial.close()
})

test('the page holds every section as its service answers it', async () => {
  const { html } = await look(parts.proxy.url)
  for (const fragment of fragments) expect(html).toContain(fragment.html)
})

const ways = ['not running', 'named nowhere'] as const

test.each(owners.flatMap((service) => ways.map((way) => ({ service, way }))))(
  '$service is $way: every other section is the same, byte for byte',
  async ({ service, way }) => {
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const url = way === 'not running' ? nowhere : ''
    await parts.restartProxy({ cold: true, but: { [`${service.toUpperCase()}_URL`]: url } })
    const { status, html, away } = await look(parts.proxy.url)
    expect(status).toBe(200)
    const missing = fragments.filter((fragment) => fragment.service === service)
    expect(away).toBe(missing.length)
    for (const fragment of fragments) {
      if (fragment.service === service) expect(html).not.toContain(fragment.html)
      else expect(html).toContain(fragment.html)
    }
    await parts.restartProxy()
    await whole(parts)
  },
)

test('accounts are not running: every page stands, and who signs in is told', async () => {
  const before = (await look(parts.proxy.url)).html
  const nowhere = `http://127.0.0.1:${await freePort()}`
  await parts.restartProxy({ cold: true, but: { ACCOUNTS_URL: nowhere } })
  const cookie = 'colonnade.session_token=of.somebody'
  for (const sent of ['', cookie]) {
    const headers = { cookie: sent }
    const page = await fetch(`${parts.proxy.url}/learn/${slug}`, { headers })
    expect([page.status, await page.text()]).toEqual([200, before])
  }
  const reviews = `/api/courses/${parts.courseId}/reviews?limit=1`
  expect((await fetch(parts.proxy.url + reviews, { headers: { cookie } })).status).toBe(200)
  const signIn = await fetch(`${parts.proxy.url}/sign-in`)
  expect([signIn.status, signIn.headers.get('content-type')]).toEqual([
    503,
    'text/html; charset=utf-8',
  ])
  await parts.restartProxy()
  await whole(parts)
})

test('of two replicas one is killed: no read is lost, and it is taken back', async () => {
  const settings = trial.settings('replica', { DATABASE_URL: databaseUrl })
  const replica = await trial.serve(['serve', 'reviews'], settings)
  const both = `${parts.services.reviews.url},${replica.url}`
  await parts.restartProxy({ but: { REVIEWS_URL: both } })
  const path = `/api/courses/${parts.courseId}/reviews`
  const statuses = new Map<number, number>()
  let reads = 0
  const reader = async (until: number) => {
    while (reads < until) {
      reads++
      const response = await fetch(parts.proxy.url + path)
      await response.arrayBuffer()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    }
  }
  const reading = Promise.all(Array.from({ length: 16 }, () => reader(3000)))
  while (reads < 500) await new Promise((resolve) => setTimeout(resolve, 5))
  await replica.end('SIGKILL')
  await reading
  expect([...statuses.keys()]).toEqual([200])

  const again = await trial.again(replica, ['serve', 'reviews'])
  await parts.services.reviews.end('SIGKILL')
  for (let i = 0; i < 100; i++) {
    expect((await fetch(parts.proxy.url + path)).status).toBe(200)
  }
  expect(again.alive()).toBe(true)
}, 120_000)
