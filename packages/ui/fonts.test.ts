import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildFonts, matchMetrics, unicodeRange } from './fonts.ts'

const folder = await mkdtemp(join(tmpdir(), 'colonnade-fonts-'))
afterAll(() => rm(folder, { recursive: true }))

test('fonts are small, named by content, and the same every time', async () => {
  const first = await buildFonts(folder, '/assets/ui/')
  const again = await buildFonts(folder, '/assets/ui/')
  expect(again).toEqual(first)
  expect((await readdir(folder)).toSorted()).toEqual(first.files.map(({ name }) => name).toSorted())
  const sizes = await Promise.all(
    first.preload.map(async (name) => (await stat(join(folder, name))).size),
  )
  expect(sizes).toHaveLength(2)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60 * 1024)
  for (const { name } of first.files) {
    expect(name).toMatch(/^[a-z-]+-[0-9a-f]{8}\.woff2$/)
    expect(first.css).toContain(`url("/assets/ui/${name}")`)
  }
  expect(first.preload.join()).not.toContain('atkinson')
  expect(first.css.match(/size-adjust/g)).toHaveLength(8)
})

test('a fallback takes the widths and heights of the font', () => {
  const font = { ascent: 1000, descent: -250, lineGap: 0, unitsPerEm: 1000, xWidthAvg: 500 }
  const fallback = { ascent: 900, descent: -200, lineGap: 30, unitsPerEm: 1000, xWidthAvg: 400 }
  expect(matchMetrics(font, fallback)).toBe(
    'size-adjust:125%;ascent-override:80%;descent-override:20%;line-gap-override:0%',
  )
})

test('letters become ranges', () => {
  expect(unicodeRange('cabzñ')).toBe('U+61-63,U+7A,U+F1')
})
