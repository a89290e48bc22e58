import { beforeAll, describe, expect, test } from 'vitest'
import { folder, openCourses, spanishFolder } from '../fixture/service.ts'

let service: Awaited<ReturnType<typeof openCourses>>
beforeAll(async () => {
  service = await openCourses()
  await service.importFolder(folder())
  await service.importFolder(spanishFolder())
  await service.importFolder(
    folder({
      'config.yaml': 'title: Probability\nepisodes:\n- 01-flour.md\n- 02-water.md\n',
      'index.md': 'How likely a thing is.\n',
      'colonnade/course.yaml': 'slug: probability\nsubject: mathematics\nlevel: intermediate\n',
    }),
  )
})

const list = async (query: string) => await service.fetch(`/api/courses?${query}`)
const slugs = async (query: string) =>
  (await (await list(query)).json()).items.map((item: { slug: string }) => item.slug)
const page = async (query: string) =>
  await (await service.fetch(`/fragments/courses/catalogue?${query}`)).text()

describe('search', () => {
  test.each([
    ['q=bread', 'measuring-bread'],
    ['q=measur', 'measuring-bread'],
    ['q=FERMENTATION', 'measuring-bread'],
    ['q=cups', 'measuring-bread'],
    ['q=astronomia', 'el-cielo'],
    ['q=constelación', 'el-cielo'],
    ['q=probabilty', 'probability'],
    ['q=mesuring+bred', 'measuring-bread'],
  ])('%s finds %s', async (query, slug) => {
    expect((await slugs(`${query}&sort=relevance`))[0]).toBe(slug)
  })

  test('finds by who teaches, as soon as that is known', async () => {
    const [course] = (await (await list('q=bread')).json()).items
    service.peers.teachers = [
      {
        courseId: course.id,
        teachers: [{ id: 1, name: 'Ada Lovelace', role: 'primary', organisation: null }],
      },
    ]
    expect(await slugs('q=lovelace')).toEqual([])
    await service.inside('/internal/events', {
      method: 'POST',
      body: JSON.stringify({
        events: [
          {
            id: crypto.randomUUID(),
            type: 'teaching.changed',
            version: 1,
            subject: `teachers-of:${course.id}`,
            subjectVersion: 1,
            occurredAt: new Date().toISOString(),
            data: {},
          },
        ],
      }),
    })
    expect(await slugs('q=lovelace')).toEqual(['measuring-bread'])
  })

  test('says so when what it shows only comes close', async () => {
    expect(await page('q=probabilty')).toContain('Nothing matches exactly. These come close.')
    expect(await page('q=zzzzqqqq')).toContain('Nothing matches all of this.')
  })

  test.each([
    '%00',
    '%F0%9F%92%A9',
    '%ED%A0%80',
    '%C2%BD+%EF%B7%BA+%C5%89',
    "'%3B+drop+table+course--",
    '%3Cscript%3Ealert(1)%3C/script%3E',
    '%26+%7C+!+(+%3A*',
    `${'x'.repeat(10_000)}`,
    encodeURIComponent('ﷺ½ŉ\\\' "'.repeat(12)),
    encodeURIComponent('é̀̀̀'.repeat(60)),
  ])('is unmoved by %s', async (q) => {
    const answer = await service.fetch(`/fragments/courses/catalogue?q=${q}`)
    expect(answer.status).toBe(200)
    expect(await answer.text()).not.toContain('<script')
    expect([200, 422]).toContain((await list(`q=${q}`)).status)
  })
})

describe('filters', () => {
  test('narrow the list and count what each choice would give', async () => {
    expect(await slugs('level=advanced')).toEqual(['el-cielo'])
    expect(await slugs('subject=science&language=en')).toEqual(['measuring-bread'])
    expect(await slugs('length=medium')).toEqual(['el-cielo'])
    const html = await page('level=beginner')
    expect(html).toMatch(/href="\/courses"[^>]*aria-current="true"[^>]*><span>Beginner</)
    expect(html).toMatch(/href="\/courses\?level=advanced"[^>]*><span>Advanced<\/span>.*?>1</)
    expect(html).toContain('href="/courses?level=beginner&amp;subject=science"')
    expect(html).not.toContain('subject=mathematics')
    expect(html).toContain('>1 course<')
  })

  test('keep their place in addresses of other languages', async () => {
    const html = await page('lang=es&level=beginner')
    expect(html).toContain('href="/es/courses?level=beginner&amp;subject=science"')
    expect(html).toContain('href="/es/learn/measuring-bread"')
  })

  test('a page takes what cannot be meant as absent, the API says what is wrong', async () => {
    expect(await page('level=wizard&length=9&sort=luck&cursor=%00%00&language=<x>')).toContain(
      '3 courses',
    )
    for (const query of [
      'level=wizard',
      'sort=luck',
      'cursor=nonsense',
      'limit=0',
      'limit=1e9',
      'q=%00',
    ]) {
      const answer = await list(query)
      expect([query, answer.status]).toEqual([query, 422])
    }
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const value of [
      ['newest', 'yesterday', 1],
      ['newest', '2026-99-99T00:00:00.0Z', 1],
      ['newest', '2026-02-30T00:00:00.000000Z', 1],
      ['title', '\u0000', 1],
      ['title', 'a', 2 ** 60],
      ['shortest', 'x', 1],
    ]) {
      const query = `sort=${value[0]}&cursor=${forged(value)}`
      expect([value, (await list(query)).status]).toEqual([value, 422])
      expect(await page(query)).toContain('3 courses')
    }
  })
})

describe('pages', () => {
  test.each(['newest', 'title', 'shortest', 'longest', 'relevance&q=the+bread'])(
    'sorted by %s every course comes once',
    async (sort) => {
      const all = await slugs(`sort=${sort}&limit=100`)
      const seen: string[] = []
      let cursor = ''
      for (let step = 0; step < 10; step++) {
        const { items, next } = await (await list(`sort=${sort}&limit=1${cursor}`)).json()
        seen.push(...items.map((item: { slug: string }) => item.slug))
        if (!next) break
        cursor = `&cursor=${next}`
      }
      expect(seen).toEqual(all)
    },
  )

  test('an empty catalogue says how to fill it', async () => {
    const empty = await openCourses()
    const html = await (await empty.fetch('/fragments/courses/home')).text()
    expect(html).toContain('No courses here yet.')
  })
})
