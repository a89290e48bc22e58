import { expect, test } from 'vitest'
import { fileName, inertHeaders, typeOf } from './content-type.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['%PDF-1.7', 'application/pdf'],
  ['PK\u0003\u0004', 'application/zip'],
  ['<svg onload="alert(1)">', 'text/plain; charset=utf-8'],
  ['<!doctype html><script>', 'text/plain; charset=utf-8'],
  ['a\u0000b', 'application/octet-stream'],
])('%j is %s', (content, type) => {
  expect(typeOf(bytes(content))).toBe(type)
})

test('bytes that are no text have no type', () => {
  expect(typeOf(new Uint8Array([0xff, 0xfe, 0x00]))).toBe('application/octet-stream')
  expect(typeOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg')
})

test('a name is a name: no folders, no line breaks, no turned letters', () => {
  expect(fileName('../../etc/passwd')).toBe('passwd')
  expect(fileName('C:\\work\\essay.pdf')).toBe('essay.pdf')
  expect(fileName('a\r\nSet-Cookie: x.pdf')).toBe('aSet-Cookie: x.pdf')
  expect(fileName('\u202efdp.exe')).toBe('fdp.exe')
  expect(fileName('')).toBe('file')
})

test('it is sent to be kept, never to be shown', () => {
  const headers = inertHeaders('señas "1".html', 'text/plain')
  expect(headers['Content-Disposition']).toBe(
    `attachment; filename="se_as__1_.html"; filename*=UTF-8''se%C3%B1as%20%221%22.html`,
  )
  expect(headers['X-Content-Type-Options']).toBe('nosniff')
  expect(headers['Content-Security-Policy']).toContain('sandbox')
})
