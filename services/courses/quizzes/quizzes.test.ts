import { beforeAll, describe, expect, test } from 'vitest'
import { folder, openCourses } from '../fixture/service.ts'

const lesson = `---
title: Water
teaching: 30
exercises: 5
---

Then water.

:::: {.quiz title="How wet"}

::: {.question #flour points="2"}

How much water for 500 g of flour? ![](fig/sack.png)

- [ ] 50 g
  > That would stay dust: [see](01-flour.md).
- [x] 350 g

:::: solution
Seventy per cent.
::::

:::

::: {.question #share}

What share is it?

\`\`\`answer
70 ± 1 %
\`\`\`

:::

::: {.question #steps}

In which order?

1. Weigh
2. Mix
3. Bake

:::

::::

:::: {.quiz #drawn draw="1"}

${Array.from(
  { length: 9 },
  (_, n) => `::: question
Is it ${n}?

- [x] yes
- [ ] no
:::
`,
).join('\n')}
::::
`

let service: Awaited<ReturnType<typeof openCourses>>
let bread: number
beforeAll(async () => {
  service = await openCourses()
  const answer = await service.importFolder(folder({ 'episodes/02-water.md': lesson }))
  bread = (await answer.json()).course.id
})

const path = '/learn/measuring-bread/lessons/water/quizzes/how-wet'
const pageOf = async (query = '') =>
  await (
    await service.fetch(`/fragments/courses/lesson?course=${bread}&lesson=water${query}`)
  ).text()
const quiz = async (query: Record<string, string>) =>
  await service.fetch(
    `/fragments/courses/quiz?${new URLSearchParams({ course: String(bread), lesson: 'water', quiz: 'how-wet', ...query })}`,
  )
const optionOf = (html: string, words: string) =>
  new RegExp(`value="(\\w+)"[^>]*><span>${words}`).exec(html)?.[1] ?? ''

describe('a quiz in a lesson', () => {
  test('is a form that needs no JavaScript', async () => {
    const html = await pageOf()
    expect(html).toContain(`method="post" action="${path}/answers"`)
    expect(html.match(/<fieldset/g)).toHaveLength(4)
    expect(html).toContain('Question 1 of 3')
    expect(html).toContain('Your answer, with its unit')
    expect(await pageOf('&lang=es')).toContain('Comprobar las respuestas')
  })

  test('tells no answer before it is answered, on no page and in no answer or file', async () => {
    const texts = [
      await pageOf(),
      await (await quiz({})).text(),
      await (await service.fetch(`/api/courses/${bread}`)).text(),
      await (await service.fetch(`/api/courses/${bread}/syllabus`)).text(),
      await (await service.fetch(`/api/courses/${bread}/report`)).text(),
    ]
    for (const text of texts)
      for (const secret of ['stay dust', 'Seventy', '70 ±', '"right"'])
        expect(text).not.toContain(secret)
    const file = await service.fetch('/learn/measuring-bread/files/episodes/02-water.md')
    expect(file.status).toBe(404)
  })

  test('is posted, and a page with marks and explanations answers', async () => {
    const body = new URLSearchParams({
      seed: '1',
      lang: 'es',
      flour: optionOf(await pageOf(), '50 g'),
      share: '0.7',
    })
    const posted = await service.fetch(`${path}/answers`, { method: 'POST', body })
    expect(posted.status).toBe(303)
    const location = new URL(posted.headers.get('location') ?? '', 'http://test')
    expect(location.pathname).toBe(`/es${path}`)
    const marked = await quiz({
      seed: location.searchParams.get('seed') ?? '',
      answers: location.searchParams.get('answers') ?? '',
    })
    const html = await marked.text()
    expect(html).toContain('You have 0 of 4 points.')
    expect(html).toContain('That would stay dust: <a href="/learn/measuring-bread/lessons/flour">')
    expect(html).toContain('<p>Seventy per cent.</p>')
    expect(html).toContain('value="0.7"')
    expect(html).toContain('Not answered.')
  })

  test('right answers earn their points', async () => {
    const page = await pageOf()
    const steps = Object.fromEntries(
      [...page.matchAll(/for="how-wet-steps-(\w+)"><span>(\w+)</g)].map(
        ([, key = '', word = '']) => [
          `steps.${key}`,
          String(['Weigh', 'Mix', 'Bake'].indexOf(word) + 1),
        ],
      ),
    )
    const answers = { flour: optionOf(page, '350 g'), share: '70 %', ...steps }
    const html = await (await quiz({ answers: new URLSearchParams(answers).toString() })).text()
    expect(html).toContain('You have 4 of 4 points.')
    expect(html.match(/data-verdict="right"/g)).toHaveLength(3)
  })

  test('draws the same for everyone, and others when it is asked again', async () => {
    const asked = (html: string) => /Is it \d\?/.exec(html)?.[0]
    const first = await (await quiz({ quiz: 'drawn' })).text()
    expect(asked(first)).toBe(asked(await pageOf()))
    const marked = await (await quiz({ quiz: 'drawn', answers: 'none' })).text()
    expect(asked(marked)).toBe(asked(first))
    expect(marked).toContain('/quizzes/drawn?seed=2"')
    const draws = ['1', '2', '3', '4', '5', '6'].map(async (seed) =>
      asked(await (await quiz({ quiz: 'drawn', seed })).text()),
    )
    expect(new Set(await Promise.all(draws)).size).toBeGreaterThan(1)
  })

  test('answers that are too long, of another type or to no quiz are refused', async () => {
    const post = (body: BodyInit, headers = {}) =>
      service.fetch(`${path}/answers`, { method: 'POST', body, headers })
    expect((await post(new URLSearchParams({ share: 'x'.repeat(7000) }))).status).toBe(413)
    expect((await post('{}', { 'Content-Type': 'application/json' })).status).toBe(415)
    expect((await quiz({ quiz: 'none' })).status).toBe(404)
    expect((await quiz({ lesson: '%00' })).status).toBe(404)
  })

  test('what was filled in is text, never markup', async () => {
    const answers = new URLSearchParams({ share: '"><script>alert(1)</script>' }).toString()
    const html = await (await quiz({ answers, seed: '"><b>' })).text()
    expect(html).not.toContain('<script>')
    expect(html).not.toContain('<b>')
  })

  test('comes back whole when the course is exported and imported', async () => {
    const headers = { Authorization: 'Bearer operator-token-in-tests' }
    const zip = await service.fetch(`/api/courses/${bread}/export`, { headers })
    const again = await service.fetch('/api/imports', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/zip' },
      body: new Uint8Array(await zip.arrayBuffer()),
    })
    expect(await again.json()).toMatchObject({ unchanged: true })
  })
})
