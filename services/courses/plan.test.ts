import { beforeAll, describe, expect, test } from 'vitest'
import { coursesClient } from './contract.ts'
import { folder, openCourses } from './fixture/service.ts'

const water = `---
title: Water
teaching: 30
exercises: 5
---

::::: {.quiz #how-wet title="How wet"}
:::: {.question #flour points="2"}
How much? ![](fig/sack.png)

- [ ] 50 g
- [x] 350 g

::: solution
Seventy per cent.
:::
::::
:::::
`

let service: Awaited<ReturnType<typeof openCourses>>
let plans: Pick<ReturnType<typeof coursesClient>, 'findPlan'>
let bread: number
beforeAll(async () => {
  service = await openCourses()
  plans = coursesClient({ fetch: service.fetch }, service.context.trust)
  const answer = await service.importFolder(folder({ 'episodes/02-water.md': water }))
  bread = (await answer.json()).course.id
})

describe('the plan of a course', () => {
  test('is for other services only', async () => {
    expect((await service.fetch(`/internal/courses/${bread}/plan`)).status).toBe(401)
  })

  test('holds modules, lessons, items and their answers, and a policy', async () => {
    const plan = await plans.findPlan(bread)
    expect(plan).toMatchObject({
      courseId: bread,
      revision: 1,
      latest: true,
      slug: 'measuring-bread',
      title: 'Measuring Bread',
      modules: [
        { key: 'm1', lessons: [{ key: 'episodes/01-flour.md', slug: 'flour', minutes: 30 }] },
        { key: 'm2', title: 'Wet', lessons: [{ slug: 'water' }] },
      ],
      policy: { zone: 'UTC', groups: [], completion: { lessons: true, threshold: null } },
    })
    const items = plan?.modules[1]?.lessons[0]?.items
    expect(items).toMatchObject([
      { key: 'episodes/02-water.md/reading', kind: 'reading', quiz: null, graded: null },
      {
        key: 'episodes/02-water.md/how-wet',
        kind: 'quiz',
        anchor: 'how-wet',
        quiz: { questions: [{ key: 'flour', points: 2, type: 'single' }] },
      },
    ])
    expect(items?.[1]?.quiz?.questions[0]).toMatchObject({
      options: [{ right: false }, { right: true }],
      html: expect.stringContaining('/media/'),
    })
    expect(plan?.modules[0]?.lessons[0]?.items[1]).toMatchObject({ kind: 'exercise', quiz: null })
  })

  test('of an earlier revision stays as it was', async () => {
    const before = await plans.findPlan(bread, 1)
    await service.importFolder(
      folder({
        'episodes/02-water.md': water.replace('350 g', '300 g'),
        'colonnade/organisations.yaml': '- key: mill\n  name: The Mill\n',
      }),
    )
    expect(await plans.findPlan(bread)).toMatchObject({
      revision: 2,
      latest: true,
      organisations: ['The Mill'],
    })
    expect(await plans.findPlan(bread, 1)).toEqual({ ...before, latest: false })
  })

  test('is there for those enrolled when the course is off the site', async () => {
    const answer = await service.importFolder(folder({ 'colonnade/course.yaml': 'slug: gone\n' }))
    const { id } = (await answer.json()).course
    const headers = { Authorization: `Bearer ${service.context.operatorToken}` }
    await service.fetch(`/api/courses/${id}`, { method: 'DELETE', headers })
    expect(await plans.findPlan(id)).toBeNull()
    expect(await plans.findPlan(id, 1)).toMatchObject({ revision: 1, latest: false })
  })

  test('is null for what was never there', async () => {
    expect(await plans.findPlan(999_999)).toBeNull()
    expect(await plans.findPlan(bread, 99)).toBeNull()
    expect(await plans.findPlan(bread, Number.MAX_SAFE_INTEGER)).toBeNull()
    const odd = await service.inside(`/internal/courses/${bread}/plan?revision=x`)
    expect(odd.status).toBe(404)
  })

  test('of a revision from before policies has the default one', async () => {
    await service.db.work`update courses.revision set policy = null where course_id = ${bread}`
    expect(await plans.findPlan(bread)).toMatchObject({
      policy: { attempt: 'best', thresholds: [{ name: 'Pass', from: 0.6 }] },
    })
  })
})
