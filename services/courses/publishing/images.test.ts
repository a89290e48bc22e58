import { beforeAll, expect, test } from 'vitest'
import { folder, openCourses } from '../fixture/service.ts'

let service: Awaited<ReturnType<typeof openCourses>>
beforeAll(async () => {
  service = await openCourses()
})

const lesson = async (course: number, slug: string) =>
  await service.fetch(`/fragments/courses/lesson?course=${course}&lesson=${slug}&lang=en`)

test('a picture that media refuses is left out, its words stay, and the report says so', async () => {
  const path = 'episodes/fig/sack.png'
  const files = folder({
    [path]: 'broken',
    'colonnade/course.yaml': `slug: refused\nimage: ${path}\n`,
    'colonnade/people.yaml': `- key: a\n  firstName: A\n  lastName: B\n  photo: ${path}\n`,
  })
  const dropped = { file: path, line: 1, element: 'image', outcome: 'dropped', count: 1 }
  const first = await service.importFolder(files)
  expect(first.status).toBe(201)
  const { course, report } = await first.json()
  const about = (lines: { file: string }[]) => lines.filter(({ file }) => file === path)
  expect(about(report)).toEqual([{ ...dropped, why: 'is no image' }])
  const kept = await (await service.fetch(`/api/courses/${course.id}/report`)).json()
  expect(kept.report).toEqual(report)
  const html = await (await lesson(course.id, 'flour')).text()
  expect(html).toContain('<p>A sack &gt; of flour</p><p>A sack of flour</p>')
  expect(html).not.toContain('<img')
  const [stored] = await service.db.work`
    select image from courses.revision where course_id = ${course.id}`
  expect(stored).toEqual({ image: null })
  expect(service.peers.given.at(-1)?.body).toMatchObject({ people: [{ photo: null }] })

  const again = await (await service.importFolder(files)).json()
  expect(again).toMatchObject({ revision: 1, unchanged: true, report })
  service.peers.lenient = true
  const mended = await (await service.importFolder(files)).json()
  service.peers.lenient = false
  expect(mended).toMatchObject({ revision: 2, unchanged: false })
  expect(about(mended.report)).toMatchObject([{ element: 'picture', outcome: 'exact' }])
})

test('a failure of media that is no picture’s fault stops the import', async () => {
  const files = folder({
    'episodes/fig/sack.png': 'busy',
    'colonnade/course.yaml': 'slug: busy\n',
  })
  expect((await service.importFolder(files)).status).toBe(503)
  expect((await service.inside('/internal/routes/busy')).status).toBe(404)
})
