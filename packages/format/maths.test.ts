import { describe, expect, test } from 'vitest'
import { readPage } from './fixtures.ts'

describe('maths', () => {
  test.each(['$x^2$', '\\\\(x^2\\\\)'])('%s is inline MathML without styles', async (tex) => {
    const { html, losses } = await readPage(`so ${tex} it is\n`)
    expect(html).toMatch(/^<p>so <span class="katex"><math /)
    expect(html).toContain('<msup>')
    expect(html).not.toContain('style=')
    expect(losses).toEqual([])
  })

  test.each([
    '$$\nx\n- y\n= z\n$$',
    '$$ x = y $$',
    '$$ x\n= y $$',
    '\\\\[ x = y \\\\]',
    '\\begin{align}\nx &= y\n\\end{align}',
    'text\n$$\nx = y\n$$\nmore',
    'a $$x = y$$ b',
  ])('%j is displayed', async (tex) => {
    const { html, losses } = await readPage(`${tex}\n`)
    expect(html).toContain('display="block"')
    expect(html).not.toContain('$')
    expect(losses).toEqual([])
  })

  test.each(['$5 and $10', 'from $HOME to $PATH 1', '`$x$`', '\\$x\\$', '$ x $'])(
    '%s is no maths',
    async (text) => {
      expect((await readPage(`${text}\n`)).html).not.toContain('<math')
    },
  )

  test('what cannot be read stays as TeX, and is reported', async () => {
    const { html, losses } = await readPage('so $\\nonsense{x}$\n')
    expect(html).toBe('<p>so <code>\\nonsense{x}</code></p>')
    expect(losses[0]).toMatch(/^6 maths approximated: kept as TeX/)
  })

  test('links and markup that TeX could smuggle in are not made', async () => {
    const { html } = await readPage(
      '$\\href{javascript:alert(1)}{x}$ $\\htmlStyle{color:red}{x}$\n',
    )
    expect(html).not.toMatch(/href=|style=/)
  })

  test('an unclosed display is text', async () => {
    const { html } = await readPage('$$\nx\n\nmore\n')
    expect(html).toContain('more')
    expect(html).not.toContain('<math')
  })

  test('its TeX can be searched', async () => {
    expect((await readPage('so $x^2$ it is')).lesson.text).toBe('so x^2 it is')
  })
})
