import { expect, test } from 'vitest'
import { folderOf } from './fixtures.ts'
import { cleanDeep, decodeText } from './folder/text.ts'
import { readCourse } from './read.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

test.each([
  ['plain', utf8('a\nb'), 'a\nb', null],
  ['a byte order mark and CRLF', utf8('\uFEFFa\r\nb\rc'), 'a\nb\nc', null],
  [
    'Windows-1252',
    new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x93]),
    'café“',
    'it is not UTF-8; read as Windows-1252',
  ],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0, 0xe9, 0]), 'aé', 'it is UTF-16, not UTF-8'],
  ['NUL', utf8('a\0b'), 'a\uFFFDb', 'NUL characters were replaced'],
])('%s', (_, bytes, text, repaired) => {
  expect(decodeText(bytes)).toEqual({ text, repaired })
})

test('strings out of YAML are cleaned all the way down', () => {
  expect(cleanDeep({ a: ['x\0', { b: '\ud800' }], c: 1, d: null })).toEqual({
    a: ['x\uFFFD', { b: '\uFFFD' }],
    c: 1,
    d: null,
  })
})

test('a page with CRLF and a byte order mark reads as one without; repairs are told', async () => {
  const page = '---\ntitle: A\nteaching: 1\n---\n::: challenge\n## Dó\n:::\n'
  const unix = await readCourse(folderOf({ 'episodes/a.md': page }))
  const windows = await readCourse(
    folderOf({ 'episodes/a.md': `\uFEFF${page.replaceAll('\n', '\r\n')}` }),
  )
  expect(windows).toEqual(unix)
  const latin = new Uint8Array(Buffer.from(page, 'latin1'))
  const repaired = await readCourse(folderOf({ 'episodes/a.md': latin }))
  expect(repaired.course).toEqual(unix.course)
  expect(repaired.report).toContainEqual(
    expect.objectContaining({ element: 'text', outcome: 'approximated' }),
  )
})
