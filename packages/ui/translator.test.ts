import { createIntl } from '@formatjs/intl'
import { expect, test } from 'vitest'
import en from './languages/en.json' with { type: 'json' }
import es from './languages/es.json' with { type: 'json' }
import { findLanguage, languages, translator } from './translator.ts'

const catalogues: [string, Record<string, string>][] = [
  ['en', en],
  ['es', es],
]

// The parser's mark for plain text.
const literal = 0
const { formatters } = createIntl({ locale: 'en' })
const parse = (text: string) => formatters.getMessageFormat(text, 'en').getAst()

/** The names of the values a text needs, so that a translation cannot forget one or ask for another. */
function placeholders(elements: ReturnType<typeof parse>): string[] {
  return elements.flatMap((element) => {
    if ('options' in element) {
      const inner = Object.values(element.options).flatMap((option) => placeholders(option.value))
      return [element.value, ...inner]
    }
    if ('children' in element) return placeholders(element.children)
    return 'value' in element && element.type !== literal ? [element.value] : []
  })
}

test('every language has the same texts, in alphabetical order', () => {
  for (const [, texts] of catalogues) {
    expect(Object.keys(texts)).toEqual(Object.keys(en))
    expect(Object.keys(texts)).toEqual(Object.keys(texts).toSorted())
  }
  expect(languages).toEqual(catalogues.map(([lang]) => lang))
})

test.each(catalogues)('every text of %s parses and asks for the same values', (_, texts) => {
  const english: Record<string, string> = en
  for (const [id, text] of Object.entries(texts)) {
    const own = new Set(placeholders(parse(text)))
    const original = new Set(placeholders(parse(english[id] ?? '')))
    expect([...own].toSorted(), id).toEqual([...original].toSorted())
    expect(text.trim(), id).toBe(text)
    expect(text, `${id} shouts`).not.toMatch(/[!¡]/)
  }
})

test('counts, durations, dates and lists follow the language', () => {
  const english = translator('en')
  const spanish = translator('es')
  expect(english.t('reviews.count', { count: 1 })).toBe('1 review')
  expect(english.t('reviews.count', { count: 0 })).toBe('No reviews')
  expect(spanish.t('reviews.count', { count: 2 })).toBe('2 reseñas')
  expect(english.t('reviews.average', { average: 4.56 })).toBe('4.6 out of 5')
  expect(spanish.t('reviews.average', { average: 4 })).toBe('4,0 de 5')
  expect(english.duration(45)).toBe('45 min')
  expect(english.duration(60)).toBe('1 h')
  expect(english.duration(65)).toBe('1 h 5 min')
  expect(english.duration(640)).toBe('11 h')
  expect(english.duration(-3)).toBe('0 min')
  expect(english.date('2026-05-04')).toBe('4 May 2026')
  expect(spanish.date('2026-05-04T23:30:00Z')).toBe('4 de mayo de 2026')
  expect(english.number(1204)).toBe('1,204')
  expect(english.list(['A', 'B', 'C'])).toBe('A, B and C')
  expect(spanish.list(['A', 'B'])).toBe('A y B')
  expect(english.languageName('es')).toBe('Spanish')
  expect(english.languageName('not a tag')).toBe('not a tag')
})

test('a translator is made once, and a missing value is an error', () => {
  expect(translator('es')).toBe(translator('es'))
  expect(() => translator('en').t('catalogue.by')).toThrow()
})

test('a tag finds its language', () => {
  expect(findLanguage('es-MX')).toBe('es')
  expect(findLanguage('EN')).toBe('en')
  expect(findLanguage('de')).toBeNull()
  expect(findLanguage('')).toBeNull()
})
