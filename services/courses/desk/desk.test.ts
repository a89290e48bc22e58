import { cacheHeaders } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursesClient } from '../contract.ts'
import { folder, openCourses, operatorToken, zipOf } from '../fixture/service.ts'

let service: Awaited<ReturnType<typeof openCourses>>
let teacher: ReturnType<(typeof service)['visitor']>
beforeAll(async () => {
  service = await openCourses()
  teacher = service.visitor('learner', 'instructor')
})

const named = (slug: string, changes: Record<string, string> = {}) =>
  folder({ 'colonnade/course.yaml': `slug: ${slug}\n`, ...changes })
const upload = async (slug: string, changes?: Record<string, string>, who = teacher) =>
  await who.upload(await zipOf(named(slug, changes)))
const publish = async (slug: string, who = teacher) => await who.publish(slug)
const isPublic = async (slug: string) =>
  (await service.inside(`/internal/routes/${slug}`)).status === 200

describe('a draft', () => {
  test('is seen by its teacher alone, and becomes public by publishing', async () => {
    const people = {
      'colonnade/people.yaml':
        '- key: ada\n  firstName: Ada\n  lastName: Example\n  role: primary\n',
    }
    const sent = await upload('drafted', people)
    expect(sent.status).toBe(303)
    expect(sent.headers.get('location')).toBe('/teach/drafted?done=draft')
    expect(await isPublic('drafted')).toBe(false)
    expect(service.peers.given).toEqual([])
    const [told] = await service.db.work`select count(*)::int as count from courses.outbox`
    expect(told?.count).toBe(0)
    const list = await teacher.text('/teach')
    expect(list).toContain('href="/teach/drafted"')
    expect(list).toContain('Not published yet · a draft waits')
    expect(await service.visitor('instructor').text('/teach')).not.toContain('drafted')

    const done = await publish('drafted')
    expect(done.headers.get('location')).toBe('/teach/drafted?done=published')
    expect(done.headers.get(cacheHeaders.changed)).toMatch(/course:\d+.*catalogue:all/)
    expect(await isPublic('drafted')).toBe(true)
    expect(service.peers.given).toMatchObject([{ body: { people: [{ key: 'ada' }] } }])
    const events = await service.db.work`select type from courses.outbox order by type`
    expect(events).toMatchObject([{ type: 'catalogue.changed' }, { type: 'course.changed' }])
    expect(await teacher.text('/teach/drafted')).toContain('href="/learn/drafted"')
  })

  test('of a published course leaves it as it is until it is published', async () => {
    await upload('kept')
    await publish('kept')
    await upload('kept', {
      'index.md': 'Another text, not yet.\n',
      'episodes/02-water.md': '',
      'config.yaml': 'title: Renamed\nepisodes:\n- 01-flour.md\n',
    })
    const [{ id } = { id: 0 }] = await service.db.work<{ id: number }[]>`
      select id from courses.course where slug = 'kept'`
    const retired = () => service.db.work`
      select key from courses.lesson where course_id = ${id} and retired_at is not null`
    expect(await (await service.fetch(`/api/courses/${id}`)).json()).toMatchObject({
      title: 'Measuring Bread',
      revision: 1,
    })
    expect(await retired()).toEqual([])
    const water = `/fragments/courses/lesson?course=${id}&lesson=water`
    expect((await service.fetch(water)).status).toBe(200)
    await publish('kept')
    expect(await (await service.fetch(`/api/courses/${id}`)).json()).toMatchObject({
      title: 'Renamed',
      revision: 2,
    })
    expect(await retired()).toMatchObject([{ key: 'episodes/02-water.md' }])
    expect((await service.fetch(water)).status).toBe(404)
  })

  test('is replaced by the next upload; a button for the one before does nothing', async () => {
    await upload('replaced')
    const old = await teacher.draft('replaced')
    await upload('replaced', { 'index.md': 'A newer text.\n' })
    const late = await teacher.form('/teach/replaced/publish', { draft: old })
    expect(late.status).toBe(409)
    expect(await isPublic('replaced')).toBe(false)
    expect((await publish('replaced')).status).toBe(303)
    const rows = await service.db.work`
      select r.number from courses.revision r join courses.course c on c.id = r.course_id
      where c.slug = 'replaced'`
    expect(rows).toMatchObject([{ number: 1 }])
  })

  test('that is discarded leaves nothing of a course that was never there', async () => {
    await upload('gone', { 'episodes/data/only.txt': 'Only here.' })
    const draft = await teacher.draft('gone')
    const answer = await teacher.form('/teach/gone/discard', { draft })
    expect(answer.headers.get('location')).toBe('/teach?done=discarded')
    expect(await service.db.work`select 1 from courses.course where slug = 'gone'`).toEqual([])
    const bytes = () =>
      service.db.work`select 1 from courses.blob where bytes = 'Only here.'::bytea`
    expect(await bytes()).toEqual([])
    // The slug is free for somebody else.
    expect((await upload('gone', {}, service.visitor('instructor'))).status).toBe(303)
  })

  test('of files that are published already is none', async () => {
    await upload('same')
    await publish('same')
    expect((await upload('same')).headers.get('location')).toBe('/teach/same?done=unchanged')
    expect(await teacher.draft('same')).toBe('')
  })

  test('with a service away nothing is published, and the draft stays', async () => {
    await upload('waiting', {
      'colonnade/people.yaml': '- key: a\n  firstName: A\n  lastName: B\n',
    })
    service.peers.away.add('instructors')
    expect((await publish('waiting')).status).toBe(503)
    expect(await isPublic('waiting')).toBe(false)
    service.peers.away.delete('instructors')
    expect((await publish('waiting')).status).toBe(303)
  })

  test('of a course with a new slug moves it only when it is published', async () => {
    await upload('before-name', { 'colonnade/course.yaml': 'id: moving\nslug: before-name\n' })
    await publish('before-name')
    const moved = folder({ 'colonnade/course.yaml': 'id: moving\nslug: after-name\n' })
    const sent = await teacher.upload(await zipOf(moved))
    expect(sent.headers.get('location')).toBe('/teach/before-name?done=draft')
    expect(await isPublic('after-name')).toBe(false)
    const done = await publish('before-name')
    expect(done.headers.get('location')).toBe('/teach/after-name?done=published')
    expect(await (await service.inside('/internal/routes/before-name')).json()).toEqual({
      movedTo: 'after-name',
    })
  })
})

describe('whose a course is', () => {
  test('another instructor’s upload with its slug or id is refused', async () => {
    await upload('mine')
    const other = service.visitor('instructor')
    expect((await upload('mine', {}, other)).status).toBe(409)
    const zip = await zipOf(named('other-slug'))
    expect((await other.upload(zip, 'mine')).status).toBe(404)
    await service.importFolder(named('by-the-operator'))
    expect((await upload('by-the-operator', {}, other)).status).toBe(409)
    const administrator = service.visitor('administrator')
    const changed = { 'index.md': 'By an administrator.\n' }
    expect((await upload('by-the-operator', changed, administrator)).status).toBe(303)
    expect((await upload('mine', changed, administrator)).status).toBe(303)
    expect((await publish('mine')).status).toBe(303)
  })

  test('what the operator took off the site its instructor does not bring back', async () => {
    await upload('taken-down')
    await publish('taken-down')
    const [{ id } = { id: 0 }] = await service.db.work<{ id: number }[]>`
      select id from courses.course where slug = 'taken-down'`
    await service.fetch(`/api/courses/${id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${operatorToken}` },
    })
    await upload('taken-down', { 'index.md': 'Once more.\n' })
    expect((await publish('taken-down')).status).toBe(403)
    expect((await teacher.form('/teach/taken-down/show')).status).toBe(403)
    expect(await isPublic('taken-down')).toBe(false)
    const administrator = service.visitor('administrator')
    expect((await administrator.form('/teach/taken-down/show')).status).toBe(303)
    expect(await isPublic('taken-down')).toBe(true)
  })

  test('nor what an administrator hid after them; reviews of their own writing are left out', async () => {
    const reviews = '- author: Me\n  stars: 5\n  text: Perfect.\n  date: 2026-05-01\n'
    await upload('praised', { 'colonnade/reviews.yaml': reviews })
    expect(await teacher.text('/teach/praised/report')).toContain('Reviews are written by learners')
    await publish('praised')
    expect(service.peers.given.filter(({ path }) => path.includes('examples'))).toEqual([])
    await teacher.form('/teach/praised/hide')
    await service.visitor('administrator').form('/teach/praised/hide')
    await teacher.form('/teach/praised/hide')
    expect((await teacher.form('/teach/praised/show')).status).toBe(403)
  })

  test('other services are told', async () => {
    await upload('told-of')
    const unpublished = await teacher.text('/teach/told-of')
    expect(unpublished).not.toContain('/teach/told-of/learners')
    await publish('told-of')
    expect(await teacher.text('/teach/told-of')).toContain('href="/teach/told-of/learners"')
    const client = coursesClient({ fetch: service.fetch }, service.context.trust)
    const route = await client.findRoute('told-of')
    const id = route && 'id' in route ? route.id : 0
    expect(await client.listOwners(id)).toEqual([teacher.id])
    expect(await client.listOwners(999_999)).toEqual([])
  })

  test('its owner hides it and shows it again', async () => {
    await upload('hidden')
    await publish('hidden')
    expect((await teacher.form('/teach/hidden/hide')).status).toBe(303)
    expect(await isPublic('hidden')).toBe(false)
    expect(await teacher.text('/teach/hidden')).toContain('Show the course again')
    expect((await teacher.form('/teach/hidden/show')).status).toBe(303)
    expect(await isPublic('hidden')).toBe(true)
  })
})

describe('what a teacher reads', () => {
  test('the report, by outcome and file', async () => {
    await upload('reported', {
      'episodes/01-flour.md':
        '---\ntitle: Flour\nteaching: 1\nexercises: 0\n---\n\n<blink>Old</blink> and ![gone](fig/none.png)\n',
    })
    const page = await teacher.text('/teach/reported/report')
    expect(page).toMatch(/id="dropped".*id="approximated".*id="exact"/s)
    expect(page).toContain('episodes/01-flour.md:7')
    expect(page).toContain('href="#dropped"')
  })

  test('the preview, whose links stay in it and which nothing keeps', async () => {
    await upload('previewed')
    const page = await teacher.get('/teach/previewed/preview')
    expect(page.headers.get('cache-control')).toBe('no-store')
    const html = await page.text()
    expect(html).toContain('href="/teach/previewed/preview/lessons/flour"')
    expect(html).not.toMatch(/\/learn\/|<course-place/)
    const lesson = await teacher.text('/es/teach/previewed/preview/lessons/flour')
    expect(lesson).toContain('href="/es/teach/previewed/preview/lessons/water"')
    expect(lesson).toContain('href="/es/teach/previewed/preview/files/episodes/data/table.csv"')
    expect(lesson).not.toMatch(/\/learn\/|<lesson-place/)
    const file = await teacher.get('/teach/previewed/preview/files/episodes/data/table.csv')
    expect(await file.text()).toBe('flour,water\n500,350\n')
    expect(file.headers.get('cache-control')).toBe('no-store')
    expect((await teacher.get('/teach/previewed/preview/files/..%2Fx')).status).toBe(404)
    expect((await teacher.get('/teach/previewed/preview/lessons/none')).status).toBe(404)
  })

  test('graded work in the preview, and that it changed', async () => {
    const lesson = (attempts: number) => ({
      'episodes/02-water.md': `---\ntitle: Water\nteaching: 30\nexercises: 0\n---\n\n:::::: {.quiz #exam title="Exam" graded="exams" attempts="${attempts}"}\n\n:::: question\n\nIs it wet?\n\n- [x] Yes\n- [ ] No\n\n::::\n\n::::::\n`,
    })
    await upload('grading', lesson(1))
    const preview = '/teach/grading/preview/lessons/water'
    const html = await teacher.text(preview)
    expect(html).toContain(`href="${preview}/quizzes/exam"`)
    expect(html).not.toContain('/my/courses/')
    expect(await teacher.text(`${preview}/quizzes/exam`)).toContain('Is it wet?')
    await publish('grading')
    await upload('grading', lesson(2))
    expect(await teacher.text('/teach/grading/changes')).toContain('Exam (graded)')
  })

  test('what changes from one revision to the next', async () => {
    await upload('changing')
    await publish('changing')
    await upload('changing', {
      'episodes/02-water.md':
        '---\ntitle: Cold water\nteaching: 30\nexercises: 0\n---\n\nThen cold water.\n',
    })
    const draft = await teacher.text('/teach/changing/changes')
    expect(draft).toContain('Water → Cold water')
    await publish('changing')
    expect(await teacher.text('/teach/changing/changes?from=1&to=2')).toContain(
      'Water → Cold water',
    )
    expect(await teacher.text('/teach/changing/changes?from=2&to=1')).toContain(
      'Cold water → Water',
    )
    expect((await teacher.get('/teach/changing/changes?from=1&to=9')).status).toBe(404)
  })
})
