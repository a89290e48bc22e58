import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accentCss, checkAccent, contrast, parseHex } from './colour.ts'
import { hues } from './cover-picture.ts'
import { subjects } from './subjects.ts'

const css = readFileSync(new URL('./elements/tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
)

function token(name: string, theme: 'light' | 'dark'): string {
  const value = tokens.get(name)
  if (!value) throw new Error(`no token --${name}`)
  return value[theme]
}

// What is read on what, and the ratio WCAG 2.2 AA asks for: 4.5 for text, 3 for the parts of a control.
const pairs: [string, string, number][] = [
  ...['page', 'surface'].flatMap((ground): [string, string, number][] => [
    ['ink', ground, 7],
    ['quiet', ground, 4.5],
    ['action', ground, 4.5],
    ['error', ground, 4.5],
    ['edge', ground, 3],
  ]),
  ['on-action', 'action', 4.5],
  ['page', 'ink', 4.5],
  ['on-honey', 'honey', 4.5],
  ...subjects.flatMap((subject): [string, string, number][] => [
    ['ink', `sky-${subject}`, 4.5],
    [`deep-${subject}`, `sky-${subject}`, 3],
    ['surface', `deep-${subject}`, 4.5],
    ['ink', 'surface', 4.5],
  ]),
]

test.each(pairs)('%s on %s has a contrast of at least %f', (text, ground, least) => {
  for (const theme of ['light', 'dark'] as const) {
    const ratio = contrast(token(text, theme), token(ground, theme))
    expect(ratio, theme).toBeGreaterThanOrEqual(least)
  }
})

test('the subjects are of equal lightness', () => {
  for (const theme of ['light', 'dark'] as const) {
    const ratios = subjects.map((subject) => contrast(token(`sky-${subject}`, theme), '#000000'))
    expect(Math.max(...ratios) / Math.min(...ratios)).toBeLessThan(1.2)
  }
})

test('pictures that stand alone have the hues of the light theme', () => {
  for (const subject of subjects) {
    expect(hues[subject].sky).toBe(token(`sky-${subject}`, 'light'))
    expect(hues[subject].deep).toBe(token(`deep-${subject}`, 'light'))
  }
})

test('contrast is computed as WCAG defines it', () => {
  expect(contrast('#000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrast('#ffffff', '#777777')).toBeCloseTo(4.48, 2)
  expect(parseHex('#0a6')).toEqual([0, 170, 102])
  expect(parseHex('0a655a')).toBeNull()
  expect(parseHex('#0a655')).toBeNull()
  expect(() => contrast('red', '#fff')).toThrow('red')
})

test('the accent is checked against the tokens it stands on', () => {
  expect(checkAccent(token('action', 'light'))).toEqual({ ok: true })
  expect(checkAccent(token('action', 'dark'), 'dark')).toEqual({ ok: true })
  // Fails on the page and passes on white: the page must have been looked at.
  const close = '#737373'
  expect(contrast(close, token('surface', 'light'))).toBeGreaterThan(4.5)
  expect(contrast(close, token('page', 'light'))).toBeLessThan(4.5)
  expect(checkAccent(close)).toMatchObject({ ok: false })
  const onDark = '#728079'
  expect(contrast(onDark, token('page', 'dark'))).toBeGreaterThan(4.4)
  expect(contrast(onDark, token('surface', 'dark'))).toBeLessThan(4.5)
  expect(checkAccent(onDark, 'dark')).toMatchObject({ ok: false })
})

test('an accent that fails is refused with its ratio and what to do', () => {
  expect(checkAccent('#f2b705')).toEqual({
    ok: false,
    message: expect.stringMatching(/#f2b705 has a contrast of 1\.\d\d to 1 .*4\.5 to 1.*darker/),
  })
  expect(() => accentCss('#0a655a', '#0a655a')).toThrow(/dark page.*lighter/)
  expect(() => accentCss('}body{', '#63cdb8')).toThrow('is not a colour')
  expect(accentCss('#7a1f5c', '#f0a8d8')).toContain('--action:#7a1f5c')
})
