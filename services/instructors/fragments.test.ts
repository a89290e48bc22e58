import { beforeAll, describe, expect, test } from 'vitest'
import { openInstructors } from './fixture.ts'

let service: Awaited<ReturnType<typeof openInstructors>>
beforeAll(async () => {
  service = await openInstructors()
})

const fragment = (name: string, query: string) =>
  service.get(`/fragments/instructors/${name}?${query}`)
const add = async (body: object) =>
  await (
    await service.write('POST', '/api/instructors', {
      firstName: 'Ada',
      lastName: 'Example',
      ...body,
    })
  ).json()
const teach = (courseId: number, role = 'primary') => ({ teaches: [{ courseId, role }] })
const metaOf = (answer: Response) =>
  JSON.parse(Buffer.from(answer.headers.get('colonnade-meta') ?? 'bnVsbA', 'base64url').toString())
const title = (id: number) => ({
  id,
  slug: `course-${id}`,
  title: `Course ${id}`,
  subtitle: '',
  language: 'es',
  subject: 'data',
  level: 'beginner',
})

describe('a course’s teachers', () => {
  test('no data, no section; no such course, no answer', async () => {
    for (const name of ['instructors', 'offered-by', 'testimonials']) {
      const empty = await fragment(name, 'course=601')
      expect([empty.status, empty.headers.get('cache-tag')]).toEqual([204, 'teachers-of:601'])
      for (const course of ['', '0', 'x', '9007199254740992', '1%00']) {
        expect((await fragment(name, `course=${course}`)).status).toBe(404)
      }
    }
  })

  test('as bylines, the primary one first, in the language asked for', async () => {
    await add({ lastName: 'Zweiter', ...teach(602, 'assistant') })
    const first = await add({
      academicTitle: 'Dr',
      title: 'Reader',
      organisation: 'Academy',
      biography: `${'Ada reads. '.repeat(60)}\n\nAnd writes.`,
      learners: 1200,
      averageRating: 4.5,
      ratings: 80,
      example: true,
      ...teach(602),
    })
    const answer = await fragment('instructors', 'course=602')
    const html = await answer.text()
    expect(html).toMatch(/^<section id="instructors" aria-labelledby="instructors-title"/)
    expect(html.indexOf('Dr Ada Example')).toBeLessThan(html.indexOf('Ada Zweiter'))
    expect(html).toContain(`href="/instructors/${first.id}"`)
    expect(html).toContain('Reader, Academy')
    expect(html).toContain('1,200 learners')
    expect(html).toContain('4.5 average from 80 ratings')
    expect(html).toContain('This is an example person')
    expect(html).not.toContain('And writes')
    expect(html).not.toMatch(/ style=|<script|<button/)
    expect(answer.headers.get('cache-tag')).toContain(`teachers-of:602, instructor:${first.id}`)
    const spanish = await (await fragment('instructors', 'course=602&lang=es')).text()
    expect(spanish).toContain(`href="/es/instructors/${first.id}"`)
  })

  test('who offers it; search engines are told of no example', async () => {
    const make = async (body: object) =>
      (await (await service.write('POST', '/api/organisations', body)).json()).id
    const real = await make({
      name: 'Real',
      url: 'https://real.example/',
      description: 'Since 1900.',
    })
    const made = await make({ name: 'Made up', example: true })
    await service.write('PUT', '/api/courses/603/organisations', [made, real])
    const answer = await fragment('offered-by', 'course=603')
    const html = await answer.text()
    expect(html).toContain('href="https://real.example/"')
    expect(html).toContain('This is an example organisation.')
    expect(metaOf(answer).jsonLd.provider).toEqual([
      { '@type': 'Organization', name: 'Real', url: 'https://real.example/' },
    ])
    await service.write('PUT', '/api/courses/603/organisations', [made])
    expect(metaOf(await fragment('offered-by', 'course=603'))).toBeNull()
  })

  test('what people say', async () => {
    const voice = { author: 'Olu', role: 'Nurse', text: 'It <b>held</b>.', example: true }
    await service.write('POST', '/api/courses/604/testimonials', voice)
    const html = await (await fragment('testimonials', 'course=604')).text()
    expect(html).toContain('It &lt;b&gt;held&lt;/b&gt;.')
    expect(html).toContain('Nurse')
    expect(html).toContain('This is an example testimonial.')
  })
})

describe('an instructor’s page', () => {
  test('with the courses they teach, and without them while courses are away', async () => {
    const { id } = await add({ biography: 'One.\n\nTwo.', title: 'Reader', ...teach(611) })
    service.courses.titles = [title(611)]
    const answer = await fragment('profile', `id=${id}&lang=es`)
    const html = await answer.text()
    expect(html).toContain('<h1 id="profile-title">Ada Example</h1>')
    expect(html).toContain('<p>One.</p><p>Two.</p>')
    expect(html).toContain('href="/es/learn/course-611"')
    expect(html).toContain('<div lang="es">')
    expect(answer.headers.get('cache-tag')).toBe(`instructor:${id}, course:611`)
    expect(metaOf(answer)).toMatchObject({
      title: 'Ada Example',
      canonical: `/instructors/${id}`,
      jsonLd: { '@type': 'Person', name: 'Ada Example', jobTitle: 'Reader' },
    })
    service.courses.titles = null
    const less = await fragment('profile', `id=${id}`)
    expect(less.status).toBe(200)
    expect(await less.text()).not.toContain('course-611')
    expect(less.headers.get('cache-control')).toBe('public, max-age=2')
  })

  test('of nobody is 404, and a made-up person is not for search engines', async () => {
    for (const id of ['', '0', '999999', 'x', '9007199254740992']) {
      expect((await fragment('profile', `id=${id}`)).status).toBe(404)
    }
    const { id } = await add({ example: true })
    const answer = await fragment('profile', `id=${id}`)
    expect(await answer.text()).toContain('This is an example person')
    expect(metaOf(answer)).toMatchObject({ noindex: true })
    expect(metaOf(answer).jsonLd).toBeUndefined()
  })

  test('shows what was typed as text', async () => {
    const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
    const body = {
      firstName: hostile,
      middleName: hostile,
      lastName: hostile,
      academicTitle: hostile,
      title: hostile,
      organisation: hostile,
      biography: hostile,
      ...teach(612),
    }
    const { id } = await add(body)
    service.courses.titles = [{ ...title(612), title: hostile, slug: '"><script>' }]
    for (const answer of [
      await fragment('profile', `id=${id}`),
      await fragment('instructors', 'course=612'),
    ]) {
      const html = await answer.text()
      expect(html).toContain('&lt;script&gt;')
      expect(html).not.toMatch(/<script|<img/)
    }
  })
})
