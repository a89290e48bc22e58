import { expect, test } from 'vitest'
import { folder, openCourses, zipOf } from '../fixture/service.ts'

test('who leaves takes their drafts along; what is published stays, as nobody’s', async () => {
  const service = await openCourses()
  const leaver = service.visitor('instructor')
  const upload = async (slug: string, changes: Record<string, string> = {}) =>
    await leaver.upload(
      await zipOf(folder({ 'colonnade/course.yaml': `slug: ${slug}\n`, ...changes })),
    )
  await upload('left-behind')
  await leaver.publish('left-behind')
  await upload('left-behind', { 'index.md': 'A draft of it.\n' })
  await upload('left-draft')
  const path = `/internal/people/${leaver.id}`
  expect(await (await service.inside(`${path}/export`)).json()).toMatchObject({
    data: {
      courses: [
        { slug: 'left-behind', wasPublished: true, hasDraft: true },
        { slug: 'left-draft', wasPublished: false, hasDraft: true },
      ],
    },
  })
  const erase = async () =>
    await (
      await service.inside(`${path}/erase`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ language: 'en', key: 'one' }),
      })
    ).json()
  const done = await erase()
  expect(done).toMatchObject({
    erased: ['Your drafts of 2 courses.'],
    kept: [{ what: 'Published courses that you brought: 1.' }],
  })
  expect(await erase()).toEqual(done)
  expect(await (await service.inside(`${path}/export`)).json()).toBe(null)
  expect((await service.inside('/internal/routes/left-behind')).status).toBe(200)
  const administrator = service.visitor('administrator')
  expect(await administrator.text('/teach/left-behind')).not.toContain('A draft')
  expect((await administrator.get('/teach/left-draft')).status).toBe(404)
})
