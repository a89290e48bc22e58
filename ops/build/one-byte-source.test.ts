import { expect, test } from 'vitest'
import { inOneByte } from './one-byte-source.ts'

test('source is one byte a letter, and means the same', () => {
  const texts = ['plain', 'naïve – “quoted”…', '日本語', 'a😀b', 'كولوناد']
  const source = `[${JSON.stringify(texts)}, \`ő\${1}\`, /[ἀ-ῼ]/u.test('ἄ'), /^😀$/u.test('😀')]`
  const narrow = inOneByte(source)
  expect(narrow).not.toMatch(/[^\0-\xff]/)
  expect(evaluate(narrow)).toEqual([texts, 'ő1', true, true])
})

const evaluate = (source: string): unknown => new Function(`return ${source}`)()
