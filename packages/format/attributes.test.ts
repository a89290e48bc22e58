import { describe, expect, test } from 'vitest'
import { readPage } from './fixtures.ts'
import { parseAttributes } from './markdown/attributes.ts'

const files = { 'episodes/fig/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' }

describe('parseAttributes', () => {
  test('reads ids, classes and values in either quotes', () => {
    const found = parseAttributes(`#one .two .three a='it "is"' b="it's" c=bare`)
    expect(found?.id).toBe('one')
    expect(found?.classes).toEqual(['two', 'three'])
    expect([...(found?.pairs ?? [])]).toEqual([
      ['a', 'it "is"'],
      ['b', "it's"],
      ['c', 'bare'],
    ])
  })
  test('takes a backslash before punctuation for an escape', () => {
    expect(parseAttributes(`alt='the repo\\'s \\*.md'`)?.pairs.get('alt')).toBe("the repo's *.md")
  })
  test.each(['name', '', ' ', '0..9', 'a b', '.a =', '#'])('%j is none', (text) => {
    expect(parseAttributes(text)).toBeNull()
  })
})

describe('attributes in a page', () => {
  test('a picture alone is a figure with caption, alternative text and a width class', async () => {
    const { html, course, losses } = await readPage(
      `![A *fine* [caption](https://a.example)](fig/a.svg){alt='it shows "a" and *b*' width="60%"}`,
      files,
    )
    expect(html).toBe(
      '<figure class="ln-figure ln-w-60"><img src="image:episodes/fig/a.svg" alt="it shows &#x22;a&#x22; and *b*">' +
        '<figcaption>A <em>fine</em> <a href="https://a.example">caption</a></figcaption></figure>',
    )
    expect(course.images).toEqual(['episodes/fig/a.svg'])
    expect(losses).toEqual([])
  })

  test('the caption stands for a missing alternative text; neither is reported', async () => {
    const { html } = await readPage('![What it shows](fig/a.svg)', files)
    expect(html).toContain('alt="What it shows"><figcaption>What it shows</figcaption>')
    const bare = await readPage('![](fig/a.svg)', files)
    expect(bare.html).toBe(
      '<figure class="ln-figure"><img src="image:episodes/fig/a.svg" alt=""></figure>',
    )
    expect(bare.losses).toEqual(['6 image approximated: it has no alternative text'])
  })

  test('alternative text may go over lines', async () => {
    const { html } = await readPage(`![](fig/a.svg){alt='one\ntwo'}`, files)
    expect(html).toContain('alt="one two"')
  })

  test('a picture in a sentence stays in it', async () => {
    const { html } = await readPage(`See ![](fig/a.svg){alt='it'} here`, files)
    expect(html).toBe('<p>See <img src="image:episodes/fig/a.svg" alt="it"> here</p>')
  })

  test('headings, links and spans take ids', async () => {
    const { html } = await readPage(
      '## One *two* {#three .four}\n\n[link](https://a.example){#five target="_blank"} and [term *x*]{#six}\n',
    )
    expect(html).toContain('<h2 id="three">One <em>two</em></h2>')
    expect(html).toContain('<a href="https://a.example" id="five">link</a>')
    expect(html).toContain('<span id="six">term <em>x</em></span>')
  })

  test('what has no effect is reported', async () => {
    const { losses } = await readPage(
      '## One {.four}\n\n[l](https://a.example){:target="_blank"}\n',
    )
    expect(losses).toEqual([
      '6 attributes of heading approximated: without effect: .four',
      '8 attributes of link approximated: without effect: target',
    ])
  })

  test('braces in prose are prose', async () => {
    const { html } = await readPage('{name} and {0..9} and {a b}\n')
    expect(html).toBe('<p>{name} and {0..9} and {a b}</p>')
  })

  test('attributes that belong to nothing stay as text', async () => {
    const { html, losses } = await readPage('word {#id} word\n')
    expect(html).toBe('<p>word {#id} word</p>')
    expect(losses).toHaveLength(1)
  })
})
