import { expect, test } from 'vitest'
import { readPage } from './fixtures.ts'
import { tokenKinds } from './html/highlight.ts'
import { highlightColours, highlightCss } from './html/highlight-css.ts'

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (one: string, two: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(two)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

test.each(tokenKinds)('%s can be read on every ground, light and dark', (kind) => {
  const { light, dark } = highlightColours[kind]
  for (const ground of ['#FFFFFF', '#F3F5F4'])
    expect(contrast(light, ground)).toBeGreaterThanOrEqual(4.5)
  for (const ground of ['#0E1614', '#16211E'])
    expect(contrast(dark, ground)).toBeGreaterThanOrEqual(4.5)
})

test('the measure itself is right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

test('the style sheet has a rule for every class that code uses, in both schemes', async () => {
  const code = {
    python: 'import os\nx = f"a{1}" # c',
    bash: 'for x in *; do echo "$x"; done',
    diff: '+a\n-b',
    sql: 'SELECT 1',
    r: 'x <- f(1)',
  }
  const body = Object.entries(code)
    .map(([language, text]) => `\`\`\`${language}\n${text}\n\`\`\``)
    .join('\n\n')
  const { html } = await readPage(body)
  const used = new Set([...html.matchAll(/class="(sh-[\w-]+)"/g)].map(([, name = '']) => name))
  const css = highlightCss()
  expect(used.size).toBeGreaterThan(3)
  for (const name of used) expect(css.match(new RegExp(`\\.${name} \\{`, 'g'))).toHaveLength(3)
})
