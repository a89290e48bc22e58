import { beforeAll, describe, expect, test } from 'vitest'
import { folder, openCourses, operatorToken, zipOf } from '../fixture/service.ts'

let service: Awaited<ReturnType<typeof openCourses>>
beforeAll(async () => {
  service = await openCourses()
})

const exported = async (course: number) =>
  await service.fetch(`/api/courses/${course}/export`, {
    headers: { Authorization: `Bearer ${operatorToken}` },
  })
const lesson = async (course: number, slug: string, lang = 'en') =>
  await service.fetch(`/fragments/courses/lesson?course=${course}&lesson=${slug}&lang=${lang}`)

describe('importing', () => {
  test('publishes a course, and the same folder again changes nothing', async () => {
    const first = await service.importFolder(folder())
    const body = await first.json()
    expect(body).toMatchObject({
      course: { slug: 'measuring-bread' },
      revision: 1,
      unchanged: false,
    })
    expect(first.status).toBe(201)
    expect(body.report.length).toBeGreaterThan(3)
    const again = await service.importFolder(folder())
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ course: body.course, revision: 1, unchanged: true })
    const told = await service.db.work`select type, subject from courses.outbox order by type`
    expect(told).toMatchObject([
      { type: 'catalogue.changed', subject: 'catalogue:all' },
      { type: 'course.changed', subject: `course:${body.course.id}` },
    ])
    const runs = await service.db.work`select key, pacing from courses.run`
    expect(runs).toMatchObject([{ key: 'self-paced', pacing: 'self' }])
  })

  test('resolves pictures, downloads and links between lessons', async () => {
    const { id } = (await (await service.importFolder(folder())).json()).course
    const html = await (await lesson(id, 'flour')).text()
    expect(html).toMatch(/<picture><source type="image\/avif" srcset="\/media\/\w+\/320\.avif 320w/)
    expect(html).toMatch(/<img[^>]* width="800" height="600" loading="lazy"/)
    expect(html).toContain('alt="A sack > of flour"')
    expect(html).toContain('href="/learn/measuring-bread/lessons/water"')
    expect(html).toContain('href="/learn/measuring-bread/files/episodes/data/table.csv"')
    expect(html).not.toMatch(/(?:image|file|lesson):/)
    const spanish = await (await lesson(id, 'flour', 'es')).text()
    expect(spanish).toContain('href="/es/learn/measuring-bread/lessons/water"')
    expect(spanish).toContain('href="/learn/measuring-bread/files/episodes/data/table.csv"')
  })

  test('keeps identities, retires what is missing and takes back what returns', async () => {
    const course = { 'colonnade/course.yaml': 'slug: kept\n' }
    const { id } = (await (await service.importFolder(folder(course))).json()).course
    const ids = () => service.db.work`
      select key, id, retired_at is not null as retired from courses.lesson
      where course_id = ${id} order by key`
    const before = await ids()
    const config = 'title: Measuring Bread\nepisodes:\n- 02-water.md\n- 03-salt.md\n'
    const changed = await service.importFolder(
      folder({
        ...course,
        'config.yaml': config,
        'episodes/01-flour.md': '',
        'episodes/03-salt.md': '---\ntitle: Salt\nteaching: 5\nexercises: 0\n---\n\nA pinch.\n',
      }),
    )
    expect(await changed.json()).toMatchObject({ course: { id }, revision: 2 })
    const after = await ids()
    expect(after).toMatchObject([
      { id: before[0]?.id, retired: true },
      { id: before[1]?.id, retired: false },
      { key: 'episodes/03-salt.md', retired: false },
    ])
    expect((await lesson(id, 'flour')).status).toBe(404)
    await service.importFolder(folder(course))
    expect((await ids()).map((row) => row.retired)).toEqual([false, false, true])
    expect((await lesson(id, 'flour')).status).toBe(200)
  })

  test('a renamed lesson and a renamed course answer 301', async () => {
    const yaml = (slug: string) => `id: rename-me\nslug: ${slug}\n`
    const withId = (title: string) =>
      `---\nid: the-flour\ntitle: ${title}\nteaching: 1\nexercises: 0\n---\n\nFlour.\n`
    const first = await service.importFolder(
      folder({
        'colonnade/course.yaml': yaml('old-name'),
        'episodes/01-flour.md': withId('Flour'),
      }),
    )
    const { id } = (await first.json()).course
    const second = await service.importFolder(
      folder({
        'config.yaml': 'title: Measuring Bread\nepisodes:\n- 01-meal.md\n- 02-water.md\n',
        'colonnade/course.yaml': yaml('new-name'),
        'episodes/01-flour.md': '',
        'episodes/01-meal.md': withId('Meal'),
      }),
    )
    expect(await second.json()).toMatchObject({ course: { id, slug: 'new-name' }, revision: 2 })
    const moved = await lesson(id, 'flour')
    expect(moved.status).toBe(301)
    expect(moved.headers.get('location')).toBe('/learn/new-name/lessons/meal')
    expect(await (await service.inside('/internal/routes/old-name')).json()).toEqual({
      movedTo: 'new-name',
    })
    expect(await (await service.inside('/internal/routes/new-name')).json()).toMatchObject({ id })
    const file = await service.fetch('/learn/old-name/files/episodes/data/table.csv')
    expect(file.headers.get('location')).toBe('/learn/new-name/files/episodes/data/table.csv')
  })

  test('of two courses with one slug the second is refused', async () => {
    await service.importFolder(folder({ 'colonnade/course.yaml': 'id: one\nslug: taken\n' }))
    const second = await service.importFolder(
      folder({ 'colonnade/course.yaml': 'id: two\nslug: taken\n' }),
    )
    expect(second.status).toBe(409)
  })

  test('people, organisations and reviews go to those who keep them; taking them out takes them off', async () => {
    const yaml = { 'colonnade/course.yaml': 'slug: with-people\n' }
    const people = {
      'colonnade/people.yaml':
        '- key: ada\n  firstName: Ada\n  lastName: Example\n  role: primary\n  photo: episodes/fig/sack.png\n  example: true\n',
      'colonnade/reviews.yaml':
        '- author: Bo\n  stars: 5\n  text: Good.\n  date: 2026-05-01\n  example: true\n',
    }
    const { id } = (await (await service.importFolder(folder({ ...yaml, ...people }))).json())
      .course
    const givenTo = (what: string) =>
      service.peers.given.filter(({ path }) => path === `/internal/${what}/${id}`)
    expect(givenTo('teaching').at(-1)?.body).toMatchObject({
      people: [{ key: 'ada', photo: { kind: 'raster' }, example: true }],
    })
    expect(givenTo('examples').at(-1)?.body).toMatchObject([{ author: 'Bo', stars: 5 }])
    await service.importFolder(folder(yaml))
    expect(givenTo('teaching').at(-1)?.body).toMatchObject({ people: [] })
    await service.importFolder(folder({ ...yaml, 'index.md': 'Another text.\n' }))
    expect(givenTo('teaching')).toHaveLength(2)
  })

  test.each(['media', 'instructors', 'reviews'])(
    'with %s away nothing is published',
    async (name) => {
      const slug = `needs-${name}`
      const all = folder({
        'colonnade/course.yaml': `slug: ${slug}\n`,
        'colonnade/people.yaml': '- key: a\n  firstName: A\n  lastName: B\n',
        'colonnade/reviews.yaml': '- author: B\n  stars: 4\n  text: ""\n  date: 2026-05-01\n',
      })
      service.peers.away.add(name)
      const refused = await service.importFolder(all)
      expect(refused.status).toBe(503)
      expect((await service.inside(`/internal/routes/${slug}`)).status).toBe(404)
      service.peers.away.delete(name)
      expect((await service.importFolder(all)).status).toBe(201)
    },
  )

  test('says what is wrong, with the right status', async () => {
    const post = (body: BodyInit, type = 'application/zip', token = operatorToken) =>
      service.fetch('/api/imports', {
        method: 'POST',
        headers: { 'Content-Type': type, Authorization: `Bearer ${token}` },
        body,
      })
    expect((await post('no zip')).status).toBe(422)
    expect((await post('{}', 'application/json')).status).toBe(415)
    expect((await post('x', 'application/zip', 'wrong')).status).toBe(401)
    expect((await post(await zipOf({ 'readme.md': 'nothing' }))).status).toBe(422)
    expect((await service.importFolder(folder(), '?course=999999')).status).toBe(404)
  })
})

describe('exporting and taking away', () => {
  test('an exported course imports identically', async () => {
    const { id } = (await (await service.importFolder(folder())).json()).course
    const zip = await exported(id)
    expect(zip.headers.get('content-type')).toBe('application/zip')
    const again = await service.fetch('/api/imports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/zip', Authorization: `Bearer ${operatorToken}` },
      body: await zip.arrayBuffer(),
    })
    expect(await again.json()).toMatchObject({ course: { id }, unchanged: true })
  })

  test('a course that has no files exports as a folder that says the same', async () => {
    const { id } = (
      await (
        await service.importFolder(folder({ 'colonnade/course.yaml': 'slug: no-files\n' }))
      ).json()
    ).course
    const before = await (await service.fetch(`/api/courses/${id}/syllabus`)).json()
    await service.db.work`
      delete from courses.file using courses.revision r
      where r.id = file.revision_id and r.course_id = ${id}`
    await service.db.work`
      update courses.lesson_revision l set html = '<p>Plain.</p>' from courses.revision r
      where r.id = l.revision_id and r.course_id = ${id}`
    const zip = await exported(id)
    const again = await service.fetch('/api/imports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/zip', Authorization: `Bearer ${operatorToken}` },
      body: await zip.arrayBuffer(),
    })
    expect(await again.json()).toMatchObject({ course: { id }, revision: 2 })
    const after = await (await service.fetch(`/api/courses/${id}/syllabus`)).json()
    const lessons = (syllabus: typeof before) =>
      syllabus.modules.flatMap(
        (module: { lessons: { id: number; title: string; minutes: number }[] }) =>
          module.lessons.map(({ id: lessonId, title, minutes }) => ({ lessonId, title, minutes })),
      )
    expect(lessons(after)).toEqual(lessons(before))
  })

  test('an unpublished course is gone from every page and comes back by importing', async () => {
    const { id } = (await (await service.importFolder(folder())).json()).course
    const authorised = { method: 'DELETE', headers: { Authorization: `Bearer ${operatorToken}` } }
    expect((await service.fetch(`/api/courses/${id}`, { method: 'DELETE' })).status).toBe(401)
    expect((await service.fetch(`/api/courses/${id}`, authorised)).status).toBe(204)
    expect((await service.fetch(`/api/courses/${id}`, authorised)).status).toBe(404)
    expect((await service.fetch(`/fragments/courses/banner?course=${id}`)).status).toBe(404)
    expect((await lesson(id, 'flour')).status).toBe(404)
    expect(
      (await service.fetch('/learn/measuring-bread/files/episodes/data/table.csv')).status,
    ).toBe(404)
    const back = await service.importFolder(folder())
    expect(await back.json()).toMatchObject({ course: { id }, unchanged: false })
    expect((await lesson(id, 'flour')).status).toBe(200)
  })

  test('samples leave together with their people and reviews', async () => {
    const sample = folder({ 'colonnade/course.yaml': 'slug: a-sample\nsample: true\n' })
    const { id } = (await (await service.importFolder(sample)).json()).course
    const removed = await service.fetch('/api/samples', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${operatorToken}` },
    })
    expect(await removed.json()).toEqual({ removed: [{ id, slug: 'a-sample' }] })
    expect(service.peers.given.slice(-2).map(({ path }) => path)).toEqual([
      `/internal/teaching/${id}`,
      `/internal/examples/${id}`,
    ])
    expect((await service.fetch(`/api/courses/${id}`)).status).toBe(404)
  })
})
