import { describe, expect, test } from 'vitest'
import { readPage } from './fixtures.ts'

const files = {
  'config.yaml': "title: T\nlang: en\nurl: 'https://school.example/course'\n",
  'episodes/02-next-one.md': '---\ntitle: N\nteaching: 1\n---\n## There\n[back](01-page.md)\n',
  'episodes/data/a file.csv': 'a,b',
  'episodes/fig/a.png': new Uint8Array([1]),
  'learners/reference.md':
    '---\ntitle: R\n---\n## Commit\n[up](../episodes/02-next-one.md#there)\n![](fig/a.png)\n',
  'LICENSE.md': '# CC BY 4.0',
  'instructors/notes.md': 'x',
  'links.md': '[shared]: https://shared.example/\n',
}

describe('links', () => {
  test.each([
    ['02-next-one.md', 'lesson:next-one'],
    ['../episodes/02-next-one.md#there', 'lesson:next-one#there'],
    ['episodes/02-next-one.md', 'lesson:next-one'],
    ['02-next-one.html#there', 'lesson:next-one#there'],
    ['../02-next-one/index.html', 'lesson:next-one'],
    ['../learners/reference.md#commit', 'lesson:reference#commit'],
    ['reference.html#commit', 'lesson:reference#commit'],
    ['https://school.example/course/02-next-one.html', 'lesson:next-one'],
    ['data/a%20file.csv', 'file:episodes/data/a%20file.csv'],
    ['../LICENSE.md', 'file:LICENSE.md'],
    ['https://a.example/x?y#z', 'https://a.example/x?y#z'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
  ])('%s leads to %s', async (from, to) => {
    const { html, losses } = await readPage(`[a](${from})\n`, files)
    expect(html).toBe(`<p><a href="${to}">a</a></p>`)
    expect(losses).toEqual([])
  })

  test.each([
    '../instructors/notes.md',
    'nowhere.md',
    'data/missing.csv',
    '../index.md',
    './',
    'index.html',
  ])('%s leads nowhere: its words stay and the loss is told', async (to) => {
    const { html, losses } = await readPage(`[a](${to})\n`, files)
    expect(html).toBe('<p>a</p>')
    expect(losses).toHaveLength(1)
  })

  test('shared definitions are every page’s', async () => {
    const { html } = await readPage('[a][shared]\n', files)
    expect(html).toBe('<p><a href="https://shared.example/">a</a></p>')
  })

  test('a place that a page does not have is told', async () => {
    const { losses } = await readPage(
      '[a](#gone) [b](02-next-one.md#gone) [c](#here)\n\n## Here\n',
      files,
    )
    expect(losses).toEqual([
      '6 link approximated: episodes/01-page.md has no place called “gone”',
      '6 link approximated: episodes/02-next-one.md has no place called “gone”',
    ])
  })

  test('pictures and files that pages use are listed', async () => {
    const { course } = await readPage('[a](data/a%20file.csv)\n', files)
    expect(course.images).toEqual(['episodes/fig/a.png'])
    expect(course.downloads).toEqual(['episodes/data/a file.csv'])
  })

  test('a missing picture leaves its words; one from elsewhere is a link', async () => {
    const { html, losses } = await readPage(
      "![](fig/gone.png){alt='a curve'}\n\n![](https://a.example/x.png){alt='far'}\n",
      files,
    )
    expect(html).toContain('a curve')
    expect(html).toContain('<a href="https://a.example/x.png">far</a>')
    expect(html).not.toContain('<img')
    expect(losses).toHaveLength(2)
  })

  test('of a figure without its picture the caption stays', async () => {
    const { html } = await readPage('![A *curve*](fig/gone.png)\n\n![](fig/gone.png)\n', files)
    expect(html).not.toContain('<figure')
    expect(html).toBe('<p>A <em>curve</em></p>')
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'lesson:next-one',
    'image:x',
  ])('%s is no address for a link', async (url) => {
    const { html } = await readPage(`[a](${url}) <a href="${url}">b</a>\n`, files)
    expect(html).toBe('<p>a b</p>')
  })
})
