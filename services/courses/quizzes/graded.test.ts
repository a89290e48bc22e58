import { beforeAll, describe, expect, test } from 'vitest'
import { coursesClient } from '../contract.ts'
import { folder, openCourses, operatorToken } from '../fixture/service.ts'

const lesson = `---
title: Water
teaching: 30
exercises: 20
---

::: {.quiz #how-wet title="How wet" graded="quizzes" attempts="2" minutes="30" due="2026-12-01 23:59"}
:::: {.question points="2"}
How much water?

- [ ] 50 g
  > Secretly dust.
- [x] 350 g
::::
:::

::: {.quiz #drawn title="Any two" graded="quizzes" bank="flour" draw="2"}
:::

::: {.quiz #open title="For yourself" bank="flour" draw="1"}
:::

::: {.assignment #report title="Your loaf" graded="project" due="14 days" files="yes"}
Bake secretly, and describe it.

- Names the flour (3 points)
- Shows the crumb (2 points)

:::: solution
A secret loaf.
::::
:::
`

const bank = ['One', 'Two', 'Three']
  .map(
    (word) =>
      `::: question\n${word}? ![A sack](../../episodes/fig/sack.png)\n\n- [x] secret\n- [ ] no\n:::\n`,
  )
  .join('\n')

const files = {
  'episodes/02-water.md': lesson,
  'colonnade/banks/flour.md': bank,
  'colonnade/grading.yaml':
    'zone: Europe/Madrid\ngroups:\n- key: quizzes\n  weight: 40\n- key: project\n  title: The loaf\n  weight: 60\n',
  'episodes/99-draft.md': 'A draft with a secret.\n',
  'files/starter.txt': 'For you.\n',
}

let service: Awaited<ReturnType<typeof openCourses>>
let bread: number
beforeAll(async () => {
  service = await openCourses()
  const answer = await service.importFolder(folder(files))
  bread = (await answer.json()).course.id
})

const text = async (path: string) => await (await service.fetch(path)).text()
const page = async (lang = 'en') =>
  await text(`/fragments/courses/lesson?course=${bread}&lesson=water&lang=${lang}`)
const quiz = (key: string, query = '') =>
  service.fetch(`/fragments/courses/quiz?course=${bread}&lesson=water&quiz=${key}${query}`)

describe('what counts', () => {
  test('is a card that leads to the learner’s own page', async () => {
    const html = await page()
    const item = encodeURIComponent('episodes/02-water.md/how-wet')
    expect(html).toContain(`href="/my/courses/measuring-bread/items/${item}"`)
    expect(html).toContain('1 December 2026 at 23:59 (Europe/Madrid)')
    expect(html).toContain('30 min for each attempt')
    expect(html).toContain('14 days after you enrol')
    expect(html.match(/<dt>Points<\/dt><dd>(\d+)/g)).toHaveLength(3)
    expect(html.match(/<fieldset/g)).toHaveLength(1)
    expect(await page('es')).toContain(`href="/es/my/courses/measuring-bread/items/${item}"`)
  })

  test('is neither asked nor marked in public', async () => {
    for (const key of ['how-wet', 'drawn', 'report']) {
      expect((await quiz(key)).status).toBe(404)
      expect((await quiz(key, '&answers=a%3Db')).status).toBe(404)
      const path = `/learn/measuring-bread/lessons/water/quizzes/${key}/answers`
      const body = new URLSearchParams({ seed: '1' })
      expect((await service.fetch(path, { method: 'POST', body })).status).toBe(404)
    }
    expect((await quiz('open')).status).toBe(200)
    const body = new URLSearchParams({ seed: '1' })
    const path = '/learn/measuring-bread/lessons/water/quizzes/open/answers'
    expect((await service.fetch(path, { method: 'POST', body })).status).toBe(303)
  })

  test('tells nothing of its answers to the public', async () => {
    const api = `/api/courses/${bread}`
    for (const path of ['', '/syllabus', '/report']) {
      expect(await text(`${api}${path}`)).not.toMatch(/secret/i)
    }
    expect((await page()).match(/secret/gi)).toHaveLength(1)
    expect((await service.fetch(`${api}/export`)).status).toBe(401)
    const found = await (await service.fetch('/api/courses?q=secretly')).json()
    expect(found.items).toEqual([])
  })

  test.each([
    'episodes/01-flour.md',
    'episodes/02-water.md',
    'episodes/99-draft.md',
    'colonnade/banks/flour.md',
    'colonnade/grading.yaml',
    'index.md',
  ])('%s is no download', async (path) => {
    expect((await service.fetch(`/learn/measuring-bread/files/${path}`)).status).toBe(404)
  })

  test('other files of the course still are', async () => {
    for (const path of ['episodes/data/table.csv', 'files/starter.txt']) {
      expect((await service.fetch(`/learn/measuring-bread/files/${path}`)).status).toBe(200)
    }
  })

  test('stands in the plan, with its limits and the policy', async () => {
    const plans = coursesClient({ fetch: service.fetch }, service.context.trust)
    const plan = await plans.findPlan(bread)
    expect(plan?.policy).toMatchObject({
      zone: 'Europe/Madrid',
      groups: [
        { key: 'quizzes', weight: 40 },
        { key: 'project', title: 'The loaf', weight: 60 },
      ],
      completion: { lessons: true, threshold: 'Pass' },
    })
    expect(plan?.modules[1]?.lessons[0]?.items).toMatchObject([
      { kind: 'reading', graded: null },
      {
        kind: 'quiz',
        graded: {
          group: 'quizzes',
          attempts: 2,
          minutes: 30,
          due: { at: '2026-12-01T23:59', zone: 'Europe/Madrid' },
        },
      },
      { kind: 'quiz', quiz: { draw: 2, questions: [{}, {}, {}] }, graded: { attempts: null } },
      { kind: 'quiz', quiz: { draw: 1 }, graded: null },
      {
        key: 'episodes/02-water.md/report',
        kind: 'assignment',
        quiz: { questions: [{ type: 'essay', files: true, points: 5, rubric: [{}, {}] }] },
        graded: { group: 'project', due: { days: 14 } },
      },
    ])
    const asked = JSON.stringify(plan?.modules[1]?.lessons[0]?.items[2]?.quiz)
    expect(asked).toContain('/media/')
    expect(asked).not.toContain('image:')
  })

  test('comes back whole when the course is exported and imported', async () => {
    const headers = { Authorization: `Bearer ${operatorToken}` }
    const zip = await service.fetch(`/api/courses/${bread}/export`, { headers })
    const again = await service.fetch('/api/imports', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/zip' },
      body: new Uint8Array(await zip.arrayBuffer()),
    })
    expect(await again.json()).toMatchObject({ unchanged: true })
  })
})

test('an import tells all that is wrong', async () => {
  const answer = await service.importFolder(
    folder({
      'episodes/02-water.md': '::: {.quiz graded="q" due="soon"}\n:::\n\n::: assignment\n:::\n',
      'colonnade/grading.yaml': 'zone: Nowhere\n',
    }),
  )
  expect(answer.status).toBe(422)
  const { errors } = await answer.json()
  expect(errors.map(({ path }: { path: string }) => path)).toEqual([
    '/colonnade/grading.yaml:1',
    '/episodes/02-water.md:1',
    '/episodes/02-water.md:4',
  ])
})
