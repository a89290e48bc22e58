import { connectTo, migrate } from '@colonnade/db'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examine } from '../../doctor/examine.ts'
import { seed } from '../../seed/seed.ts'
import { services } from '../../services.ts'
import { eventually, type Settings } from '../../testing/colonnade.ts'
import { slug } from '../../testing/course-page.ts'
import { noPostgresHost, postgresHost } from '../../testing/postgres-host.ts'
import { writeSmallCourse } from '../../testing/small-course.ts'
import { type Serving, Trial } from '../../testing/trial.ts'

const why = noPostgresHost()
if (why) console.warn(`skipped: ${why}`)

describe.skipIf(why)('services in the roles that the database host gives them', () => {
  const trial = new Trial()
  let all: Settings
  /** Without the owners' addresses: what a host that only serves needs to know. */
  let application: Settings
  let serving: Serving
  let courseId: number

  beforeAll(async () => {
    const host = await postgresHost(trial)
    all = host.settings()
    application = Object.fromEntries(
      Object.entries(all).filter(([name]) => !name.includes('_DIRECT_')),
    )
    const owner = trial.settings('owner', all)
    expect(await trial.run(['migrate'], owner)).toContain('courses/0001_courses.sql')
    await trial.run(['import', writeSmallCourse(trial.data('course'))], owner)
    const names = services.map(({ name }) => name)
    serving = await trial.serve(
      ['serve', 'proxy', ...names],
      trial.settings('services', application),
    )
    const { items } = await (await fetch(`${serving.url}/api/courses?limit=100`)).json()
    courseId = Number(items.find((course: { slug: string }) => course.slug === slug)?.id)
  }, 120_000)
  afterAll(() => trial.close())

  const send = async (method: string, path: string, body?: unknown, more: Settings = {}) => {
    const response = await fetch(serving.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${trial.token}`,
        'Content-Type': 'application/json',
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    expect(response.ok, `${method} ${path}: ${response.status} ${text}`).toBe(true)
    return { etag: response.headers.get('etag') ?? '', ...(text && JSON.parse(text)) }
  }

  test('every kind of write goes through the application role', async () => {
    const key = { 'Idempotency-Key': crypto.randomUUID() }
    const teaches = [{ courseId, role: 'assistant' }]
    const person = { firstName: 'Ada', lastName: 'Roles', teaches }
    const { ratings } = await send('GET', `/api/courses/${courseId}`)
    const made = await send('POST', '/api/instructors', person, key)
    expect((await send('POST', '/api/instructors', person, key)).id).toBe(made.id)
    const { etag } = await send('GET', `/api/instructors/${made.id}`)
    await send('PUT', `/api/instructors/${made.id}`, person, { 'If-Match': etag })
    const review = { learner: crypto.randomUUID(), author: 'Lee', stars: 4, text: 'Good.' }
    await send('POST', `/api/courses/${courseId}/reviews`, review)
    const image = await fetch(`${serving.url}/api/images`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'image/svg+xml' },
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
    })
    expect(image.status, await image.text()).toBe(201)
    await send('DELETE', `/api/instructors/${made.id}`)
    // The relay brought the review to courses, which keeps a copy of the rating.
    await eventually(async () => {
      const course = await send('GET', `/api/courses/${courseId}`)
      expect(course.ratings).toBe(ratings + 1)
    })
  })

  test('a course is imported and published by the application role', async () => {
    const course = writeSmallCourse(trial.data('another'), { slug: 'another', title: 'Another' })
    const settings = { COLONNADE_URL: serving.url, ...trial.settings('import', application) }
    expect(await trial.run(['import', course], settings)).toContain('Published as revision')
  })

  test('the owner seeds beside it, and the application goes on in the new tables', async () => {
    const urlOf = (service: string) => all[`${service.toUpperCase()}_DIRECT_DATABASE_URL`] ?? ''
    const wanted = { courses: 5, instructors: 300, reviews: 2, seed: 1 }
    await seed(wanted, urlOf, { stageFrom: 100, chunk: 100 })
    const person = { firstName: 'After', lastName: 'Seed' }
    const made = await send('POST', '/api/instructors', person)
    await send('DELETE', `/api/instructors/${made.id}`)
    const { items } = await send('GET', '/api/instructors?limit=100')
    expect(items.length).toBe(100)
  })

  test('it can change rows of its own schema and nothing else', async () => {
    const sql = connectTo(all.REVIEWS_DATABASE_URL ?? '')
    const forbidden = [
      'alter table reviews.review add column x text',
      'drop table reviews.review',
      'truncate reviews.review',
      'create table reviews.x (id bigint)',
      'create table public.x (id bigint)',
      'create temporary table x (id bigint)',
      'create schema x',
      'select from instructors.instructor',
      'update courses.course set slug = slug',
      'create role x',
      'set role reviews_owner',
      'alter role reviews_app createrole',
    ]
    try {
      for (const statement of forbidden) {
        await expect(sql.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' })
      }
      await sql.unsafe('select from reviews.review')
    } finally {
      await sql.end()
    }
  })

  test('a migration that waits is told to whoever may not apply it', async () => {
    const url = all.REVIEWS_DATABASE_URL ?? ''
    const { migrations } = services.find(({ name }) => name === 'reviews') ?? { migrations: {} }
    expect(await migrate(url, 'reviews', migrations)).toEqual([])
    const more = { ...migrations, '0099_more.sql': 'alter table review add column mood text' }
    await expect(migrate(url, 'reviews', more)).rejects.toThrow(/REVIEWS_DIRECT_DATABASE_URL/)
  })

  test('doctor is content with it, and tells when a service runs as its owner', async () => {
    const look = async (settings: Settings) => {
      const env = trial.settings('doctor', { ...settings, PORT: '0' })
      const { findings } = await examine(env, trial.folder, services)
      return findings.filter(({ about }) => about === 'roles' || about === 'migrations')
    }
    const fine = await look(application)
    expect(fine.map(({ level }) => level)).toEqual(services.flatMap(() => ['ok', 'ok']))
    const asOwner = await look({
      ...application,
      MEDIA_DATABASE_URL: all.MEDIA_DIRECT_DATABASE_URL ?? '',
    })
    const warned = asOwner.filter(({ level }) => level !== 'ok')
    expect(warned.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^media runs as media_owner, the owner of its tables/),
    ])
  })
})
