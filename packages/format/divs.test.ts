import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPage } from './fixtures.ts'

describe('fenced divs', () => {
  test('a challenge holds its solution and its hint', async () => {
    const { html, losses } = await readPage(
      '::: challenge\n\n## Try it\n\nDo.\n\n:::: hint\nThink.\n::::\n\n:::: solution\nDone.\n::::\n\n:::\n',
    )
    expect(html).toBe(
      '<section class="ln-challenge" id="try-it"><h2 class="ln-title" id="try-it-title">Try it</h2><p>Do.</p>' +
        '<details class="ln-solution ln-hint"><summary>Hint</summary><p>Think.</p></details>' +
        '<details class="ln-solution"><summary>Solution</summary><p>Done.</p></details></section>',
    )
    expect(losses).toEqual([])
  })

  test.each([
    'callout',
    'prereq',
    'discussion',
    'testimonial',
    'checklist',
    'caution',
    'instructor',
  ])('%s is a call-out named by its heading', async (kind) => {
    const { html, losses } = await readPage(`::::: ${kind} :::::\n\n### Word\n\nText\n:::::::::\n`)
    expect(html).toBe(
      `<aside class="ln-callout ln-callout--${kind}" id="word" aria-labelledby="word-title" role="note">` +
        '<h2 class="ln-title" id="word-title">Word</h2><p>Text</p></aside>',
    )
    expect(losses).toEqual([])
  })

  test('a div without a heading gets its kind as name, in the language of the course', async () => {
    const files = { 'config.yaml': 'title: Uno\nlang: es\n' }
    const { html } = await readPage('::: caution\nCuidado\n:::\n', files)
    expect(html).toContain('>Atención</h2>')
  })

  test('questions, objectives and key points leave the text and become fields', async () => {
    const { html, lesson } = await readPage(
      '::: questions\n- Why `x`?\n- How?\n:::\n::: objectives\n* Explain\n:::\ntext\n::: keypoints\n- Short.\n:::',
    )
    expect(html).toBe('<p>text</p>')
    expect(lesson.questions).toEqual(['Why <code>x</code>?', 'How?'])
    expect(lesson.objectives).toEqual(['Explain'])
    expect(lesson.keypoints).toEqual(['Short.'])
  })

  test('attributes in braces name a kind, an id and a title', async () => {
    const { html } = await readPage('::: {.callout #own title="Mine"}\ntext\n:::\n')
    expect(html).toContain('id="own" aria-labelledby="own-title"')
    expect(html).toContain('>Mine</h2>')
  })

  test('a spoiler is closed and named by its heading', async () => {
    const { html } = await readPage('::: spoiler\n### Details {#d}\ntext\n:::\n')
    expect(html).toBe(
      '<details class="ln-spoiler" id="d"><summary>Details</summary><p>text</p></details>',
    )
  })

  test.each(['tab', 'group-tab'])('%s has one section per heading', async (kind) => {
    const { html, losses } = await readPage(`::: ${kind}\n### Linux\na\n### Windows\nb\n:::\n`)
    expect(html).toBe(
      '<section class="ln-tabs"><section class="ln-tab" id="linux"><h2 class="ln-title" id="linux-title">Linux</h2>' +
        '<p>a</p></section><section class="ln-tab" id="windows"><h2 class="ln-title" id="windows-title">Windows</h2>' +
        '<p>b</p></section></section>',
    )
    expect(losses).toEqual([])
  })

  test('a kind nobody knows is a plain call-out, and said to be', async () => {
    const { html, losses } = await readPage('::: wizardry\ntext\n:::\n')
    expect(html).toContain('ln-callout--callout')
    expect(losses).toEqual([
      '6 div wizardry approximated: no such kind is known; shown as a plain call-out',
    ])
  })

  test("Quarto's call-outs are read as the nearest kind", async () => {
    const { html, losses } = await readPage('::: {.callout-warning}\ntext\n:::\n')
    expect(html).toContain('ln-callout--caution')
    expect(losses).toHaveLength(1)
  })

  test('a div may stand in a list item and directly after its text', async () => {
    const { html, losses } = await readPage(
      '- item\n  ::: callout\n  ### A\n  text\n  :::\n- more\n',
    )
    expect(html).toMatch(/<li>item\s<aside [^>]*><h2[^>]*>A<\/h2><p>text<\/p><\/aside>\s<\/li>/)
    expect(losses).toEqual([])
  })

  test('a div at the margin ends the list before it', async () => {
    const { html } = await readPage('- item\n::: callout\n### A\ntext\n:::\n')
    expect(html).toMatch(/<\/ul><aside/)
  })

  test('a div that is never closed ends with its page, and both lines are named', async () => {
    const { html, losses } = await readPage('::: challenge\n::: solution\ntext\n')
    expect(html).toContain('<p>text</p></details></section>')
    expect(losses).toEqual([
      '6 challenge approximated: its fence is never closed; it ends with what contains it',
      '7 solution approximated: its fence is never closed; it ends with what contains it',
    ])
  })

  test('a fence that closes nothing is dropped', async () => {
    const { html, losses } = await readPage('text\n\n:::::\n\nmore\n')
    expect(html).toBe('<p>text</p><p>more</p>')
    expect(losses).toEqual(['8 closing fence dropped: it closes no div'])
  })

  test('words after a kind are its title; colons in prose are prose', async () => {
    const { html, losses } = await readPage('::: callout Mind the gap\ntext\n:::\n\n::: a b c\n')
    expect(html).toContain('>Mind the gap</h2>')
    expect(html).toContain('<p>::: a b c</p>')
    expect(losses).toHaveLength(1)
  })

  test('fences in code are code', async () => {
    const { html, losses } = await readPage('```\n::: challenge\n```\n')
    expect(html).toContain('<code>::: challenge</code>')
    expect(losses).toEqual([])
  })

  test('a call-out in a call-out is no landmark', async () => {
    const { html } = await readPage('::: callout\n# A\n:::: caution\n# B\ntext\n::::\n:::\n')
    expect(html).toContain(
      '<aside class="ln-callout ln-callout--caution" id="b" aria-labelledby="b-title" role="note">',
    )
  })

  test('any nesting comes out as it went in', async () => {
    type Tree = { kind: string; children: Tree[] }
    const kind = fc.constantFrom('challenge', 'solution', 'callout', 'spoiler', 'caution')
    const treeOf: fc.Memo<Tree> = fc.memo((depth) =>
      depth <= 1
        ? fc.record({ kind, children: fc.constant<Tree[]>([]) })
        : fc.record({ kind, children: fc.array(treeOf(depth - 1), { maxLength: 3 }) }),
    )
    const write = ({ kind, children }: Tree, colons: number): string =>
      `${':'.repeat(colons)} ${kind}\n\n${children.map((child) => write(child, 3 + ((colons * 7) % 5))).join('\n')}\n${':'.repeat(3 + (colons % 4))}\n`
    const shape = ({ kind, children }: Tree): string => `(${kind}${children.map(shape).join('')})`
    const shapeOf = (html: string) =>
      html
        .replace(
          /<(?:section|aside|div|details) class="(?:ln-callout )?ln-(?:callout--)?(\w+)[^>]*>/g,
          '($1',
        )
        .replace(/<\/(?:section|aside|div|details)>/g, ')')
        .replace(/<(h\d|summary)[^>]*>[^<]*<\/\1>|\s/g, '')
    await fc.assert(
      fc.asyncProperty(fc.array(treeOf(5), { minLength: 1, maxLength: 3 }), async (trees) => {
        const { html, losses } = await readPage(trees.map((one) => write(one, 3)).join('\n'))
        expect(shapeOf(html)).toBe(trees.map(shape).join(''))
        expect(losses).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
