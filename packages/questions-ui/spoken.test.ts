import { expect, test } from 'vitest'
import { spokenName } from './spoken.ts'

const math = (tex: string) =>
  `<math><semantics><mrow><mfrac><mn>1</mn><mn>6</mn></mfrac></mrow><annotation encoding="application/x-tex">${tex}</annotation></semantics></math>`

test('a choice that is a formula has a name', () => {
  expect(spokenName(math('\\frac{1}{6}'))).toBe('1/6')
  expect(spokenName(`about ${math('1 - (5/6)^3')} or <em>so</em>`)).toBe('about 1 - (5/6)^3 or so')
  expect(spokenName(`${math('10 \\cdot 9')}, ${math('a &#x3C; \\sqrt{2}')}`)).toBe(
    '10 × 9, a < sqrt 2',
  )
})

test('what is text needs none', () => {
  expect(spokenName('<em>six</em>')).toBeUndefined()
})
