import { beforeAll, describe, expect, test } from 'vitest'
import { folder, openCourses, spanishFolder } from './fixture/service.ts'

let service: Awaited<ReturnType<typeof openCourses>>
let bread: number
let sky: number
beforeAll(async () => {
  service = await openCourses()
  bread = (await (await service.importFolder(folder())).json()).course.id
  sky = (await (await service.importFolder(spanishFolder())).json()).course.id
})

const fragment = async (name: string, query: string) =>
  await service.fetch(`/fragments/courses/${name}?${query}`)
const metaOf = (answer: Response) =>
  JSON.parse(Buffer.from(answer.headers.get('colonnade-meta') ?? '', 'base64url').toString())

const event = (type: string, subject: string, subjectVersion: number) => ({
  id: crypto.randomUUID(),
  type,
  version: 1,
  subject,
  subjectVersion,
  occurredAt: new Date().toISOString(),
  data: {},
})
const tell = async (...events: ReturnType<typeof event>[]) =>
  await (
    await service.inside('/internal/events', { method: 'POST', body: JSON.stringify({ events }) })
  ).json()

describe('the course page', () => {
  test('the banner says what, how long and where to begin, and draws a column per module', async () => {
    const answer = await fragment('banner', `course=${bread}`)
    const html = await answer.text()
    expect(answer.headers.get('cache-tag')).toBe(`course:${bread}`)
    expect(html).toMatch(/^<section id="banner" aria-labelledby="banner-title"/)
    expect(html).toContain('>Measuring Bread</h1>')
    expect(html).toContain('href="/learn/measuring-bread/lessons/flour"')
    expect(html).toContain('href="#module-m1"')
    expect(html).toContain('href="#module-m2"')
    expect(html).toContain('1 h')
    expect(html).not.toContain('style=')
    const meta = metaOf(answer)
    expect(meta).toMatchObject({
      title: 'Measuring Bread',
      canonical: '/learn/measuring-bread',
      jsonLd: { '@type': 'Course', hasCourseInstance: [{ courseMode: 'Online' }] },
    })
    expect(meta.jsonLd).not.toHaveProperty('aggregateRating')
  })

  test('content keeps its language, the interface speaks the reader’s', async () => {
    const html = await (await fragment('banner', `course=${sky}&lang=en`)).text()
    expect(html).toContain('<div lang="es" dir="ltr"><h1')
    expect(html).toContain('Start the course')
    const spanish = await (await fragment('banner', `course=${bread}&lang=es`)).text()
    expect(spanish).toContain('href="/es/learn/measuring-bread/lessons/flour"')
  })

  test('about shows outcomes, skills, details and how the course begins', async () => {
    const html = await (await fragment('about', `course=${bread}`)).text()
    expect(html).toContain('Weigh flour to the gram')
    expect(html).toContain('fermentation')
    expect(html).toContain('Weigh before you bake')
    expect(html).toContain('Flour comes first')
    expect(html).toContain('CC-BY 4.0')
  })

  test('the syllabus opens in place and counts', async () => {
    const html = await (await fragment('syllabus', `course=${bread}`)).text()
    expect(html).toContain('<details')
    expect(html).toContain('id="module-m1"')
    expect(html).toContain('2 modules, 2 lessons, 1 h')
    expect(html).toContain('#weigh-it')
  })

  test('a lesson has its place, its neighbours, its questions and its key points', async () => {
    const answer = await fragment('lesson', `course=${bread}&lesson=flour`)
    const html = await answer.text()
    for (const part of [
      'How much flour?',
      'Weigh flour.',
      'Grams are exact.',
      'Lesson 1 of 2',
      'ln-challenge',
    ]) {
      expect(html).toContain(part)
    }
    expect(html).toContain('href="/learn/measuring-bread/lessons/water" rel="next"')
    expect(html).not.toContain('rel="prev"')
    expect(metaOf(answer)).toMatchObject({ canonical: '/learn/measuring-bread/lessons/flour' })
    const last = await (await fragment('lesson', `course=${bread}&lesson=water`)).text()
    expect(last).toContain('rel="prev"')
    expect(last).toContain('That was the last lesson.')
  })

  test.each([
    'course=',
    'course=0',
    'course=-1',
    'course=x',
    'course=999999',
    'course=99999999999999999999',
  ])('of %s there is none', async (query) => {
    for (const name of ['banner', 'about', 'syllabus', 'lesson']) {
      expect((await fragment(name, `${query}&lesson=flour`)).status).toBe(404)
    }
  })

  test.each(['%00', '../x', '%ED%A0%80', "'", 'x'.repeat(5000)])(
    'no lesson is at %s',
    async (slug) => {
      expect((await fragment('lesson', `course=${bread}&lesson=${slug}`)).status).toBe(404)
    },
  )
})

describe('copies of what others keep', () => {
  const told = async () =>
    (await service.db.work`select 1 from courses.outbox where subject = ${`course:${bread}`}`)
      .length

  test('follow their source, tell only what changed, and twice is once', async () => {
    service.peers.summaries = [
      { courseId: bread, average: 4.5, count: 12, histogram: [0, 0, 1, 4, 7] },
    ]
    const changed = event('reviews.changed', `reviews-of:${bread}`, 5)
    const before = await told()
    expect(await tell(changed)).toEqual({ failed: [] })
    expect(await tell(changed)).toEqual({ failed: [] })
    expect(await tell(event('reviews.changed', `reviews-of:${bread}`, 6))).toEqual({ failed: [] })
    expect(await told()).toBe(before + 1)
    const answer = await fragment('banner', `course=${bread}`)
    expect(await answer.text()).toContain('12 reviews')
    expect(metaOf(answer).jsonLd.aggregateRating).toMatchObject({
      ratingValue: 4.5,
      ratingCount: 12,
    })
  })

  test('an event whose teller is away comes again', async () => {
    service.peers.away.add('instructors')
    const changed = event('teaching.changed', `teachers-of:${bread}`, 7)
    expect(await tell(changed)).toEqual({ failed: [changed.id] })
    service.peers.away.delete('instructors')
    expect(await tell(changed)).toEqual({ failed: [] })
  })

  test('follow how many learn', async () => {
    service.peers.learners = [{ courseId: bread, learners: 1234 }]
    expect(await tell(event('learning.enrolled', `learners-of:${bread}`, 1))).toEqual({
      failed: [],
    })
    expect(await (await fragment('banner', `course=${bread}`)).text()).toContain('1,234')
    const before = await told()
    service.peers.learners = [{ courseId: bread, learners: 1236 }]
    await tell(event('learning.enrolled', `learners-of:${bread}`, 2))
    // A course of a thousand is not made anew for each learner who comes.
    expect(await told()).toBe(before)
    expect(await (await fragment('banner', `course=${bread}`)).text()).toContain('1,236')
  })

  test('can be rebuilt', async () => {
    service.peers.summaries = []
    service.peers.teachers = [
      {
        courseId: sky,
        teachers: [{ id: 3, name: 'Eva Luna', role: 'primary', organisation: 'Observatorio' }],
      },
    ]
    const rebuilt = await service.inside('/internal/rebuild', { method: 'PUT' })
    expect(await rebuilt.json()).toEqual({ courses: 2 })
    expect(await (await fragment('banner', `course=${sky}`)).text()).toContain('Taught by Eva Luna')
    expect(await (await fragment('banner', `course=${bread}`)).text()).not.toContain('reviews')
  })
})

describe('the API', () => {
  test('a course has an ETag, and a version that is known is not sent again', async () => {
    const answer = await service.fetch(`/api/courses/${bread}`)
    expect(await answer.json()).toMatchObject({
      id: bread,
      slug: 'measuring-bread',
      minutes: 60,
      lessons: 2,
    })
    const etag = answer.headers.get('etag') ?? ''
    const again = await service.fetch(`/api/courses/${bread}`, {
      headers: { 'If-None-Match': etag },
    })
    expect(again.status).toBe(304)
  })

  test('the loss report is kept', async () => {
    const { report, revision } = await (await service.fetch(`/api/courses/${bread}/report`)).json()
    expect(revision).toBe(1)
    expect(report).toContainEqual(expect.objectContaining({ outcome: 'exact' }))
  })

  test.each(['0', '-1', 'x', '99999999999999999999', '1.5', '%00'])(
    '%s names nothing',
    async (id) => {
      for (const path of ['', '/syllabus', '/report']) {
        const answer = await service.fetch(`/api/courses/${id}${path}`)
        expect(answer.status).toBe(404)
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
      }
    },
  )

  test('documents itself', async () => {
    const { paths } = await (await service.inside('/internal/openapi.json')).json()
    expect(Object.keys(paths)).toContain('/api/courses/{id}')
    expect((await service.fetch('/internal/openapi.json')).status).toBe(401)
  })
})

describe('files', () => {
  test('come as attachments that no browser runs', async () => {
    const answer = await service.fetch('/learn/measuring-bread/files/episodes/data/table.csv')
    expect(await answer.text()).toBe('flour,water\n500,350\n')
    expect(answer.headers.get('content-disposition')).toContain('attachment; filename="table.csv"')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.each([
    '..%2f..%2fetc/passwd',
    'episodes%2F..%2F..%2Fconfig.yaml',
    '%00',
    '%ED%A0%80',
    '',
    'episodes//data/table.csv',
    `${'a/'.repeat(400)}`,
  ])('nothing is at %s', async (path) => {
    expect((await service.fetch(`/learn/measuring-bread/files/${path}`)).status).toBe(404)
  })

  test('a course has a picture', async () => {
    const answer = await service.fetch('/learn/measuring-bread/picture.png')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630])
    expect((await service.fetch('/learn/nothing/picture.png')).status).toBe(404)
  })
})

describe('what other services ask', () => {
  test('titles and routes', async () => {
    const titles = await (
      await service.inside(`/internal/courses?ids=${bread},x,999,${sky}`)
    ).json()
    expect(titles).toHaveLength(2)
    const routes = await (await service.inside(`/internal/routes?after=${bread}&limit=10`)).json()
    expect(routes).toMatchObject([{ id: sky, slug: 'el-cielo', language: 'es' }])
    expect((await service.fetch('/internal/courses?ids=1')).status).toBe(401)
  })

  test('the rows of courses somebody teaches', async () => {
    const html = await (await fragment('taught', `courses=${sky},${bread}`)).text()
    expect(html.indexOf('El cielo')).toBeLessThan(html.indexOf('Measuring Bread'))
    expect((await fragment('taught', 'courses=424242')).status).toBe(204)
  })
})
