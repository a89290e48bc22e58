import { readFileSync } from 'node:fs'
import { tokenKinds } from '@colonnade/format'
import { contrast } from '@colonnade/ui'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const css = read('./lesson-code.css')
const tokens = read('../../../packages/ui/elements/tokens.css')

type Colour = [light: string, dark: string]

/** The two values of a colour that is given as such or by the name of one that the design has. */
function coloursOf(value: string): Colour {
  const name = /^var\((--[\w-]+)\)$/.exec(value)?.[1]
  const given = name ? new RegExp(`${name}: (light-dark\\(.*\\));`).exec(tokens)?.[1] : value
  const [light, dark] = given?.match(/#[0-9a-f]{6}/g) ?? []
  if (!light || !dark) throw new Error(`no colour for light and dark: ${value}`)
  return [light, dark]
}

test.each(tokenKinds)('%s in code has a colour, with contrast enough in both themes', (kind) => {
  const rule = new RegExp(`\\.sh-${kind}(?:,[^{]*)? \\{\\s*color: ([^;]+);`).exec(css)
  const text = coloursOf(rule?.[1] ?? `.sh-${kind} has none`)
  for (const ground of ['var(--page)', 'var(--surface)'].map(coloursOf)) {
    expect(contrast(text[0], ground[0]), 'light').toBeGreaterThanOrEqual(4.5)
    expect(contrast(text[1], ground[1]), 'dark').toBeGreaterThanOrEqual(4.5)
  }
})
