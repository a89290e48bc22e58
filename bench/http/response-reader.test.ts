import { expect, test } from 'vitest'
import { ProtocolError, parseHead, ResponseReader } from './response-reader.ts'

/** What a reader makes of a text that comes in parts of a size. */
function read(text: string, size = text.length, end = false): [status: number, bytes: number][] {
  const seen: [number, number][] = []
  const reader = new ResponseReader((head, bytes) => seen.push([head.status, bytes]))
  const all = Buffer.from(text)
  // One buffer for all parts, as the socket reads into one.
  const shared = Buffer.alloc(size)
  for (let at = 0; at < all.length; at += size) {
    const part = all.subarray(at, at + size)
    part.copy(shared)
    reader.feed(shared.subarray(0, part.length))
  }
  if (end) reader.end()
  return seen
}

const plain = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello'
const chunked =
  'HTTP/1.1 201 Created\r\nTransfer-Encoding: gzip, chunked\r\n\r\n' +
  '5\r\nhello\r\n10;name=value\r\n0123456789abcdef\r\n0\r\nTrailer: x\r\n\r\n'
const none = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n'
const empty = 'HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n'
const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'

test.each([1, 2, 3, 7, 16, 1000])('reads responses in a row, in parts of %i bytes', (size) => {
  expect(read(plain + chunked + none + empty + early + plain + chunked, size)).toEqual([
    [200, 5],
    [201, 21],
    [304, 0],
    [200, 0],
    [200, 5],
    [201, 21],
  ])
})

test('a body that only the connection ends is whole at its end', () => {
  const text = 'HTTP/1.1 200 OK\r\n\r\nas long as it takes'
  expect(read(text, 4)).toEqual([])
  expect(read(text, 4, true)).toEqual([[200, 19]])
})

test.each([
  ['within a head', 'HTTP/1.1 200 OK\r\nContent-'],
  ['within a body', plain.slice(0, -1)],
  ['within a chunk', chunked.slice(0, -20)],
  ['before the last chunk', chunked.slice(0, -19)],
])('an end %s is an error', (_, text) => {
  expect(() => read(text, text.length, true)).toThrow(ProtocolError)
})

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['a status that is none', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n'],
  ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n'],
  [
    'a chunk longer than it said',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n',
  ],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`],
])('refuses %s', (_, text) => {
  expect(() => read(text)).toThrow(ProtocolError)
})

test('knows which connections must not be used again', () => {
  expect(parseHead('HTTP/1.1 200 OK\r\nContent-Length: 1').closes).toBe(false)
  expect(parseHead('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close').closes).toBe(true)
  expect(parseHead('HTTP/1.0 200 OK\r\nContent-Length: 1').closes).toBe(true)
  expect(parseHead('HTTP/1.1 200 OK\r\nX-Content-Length: 1').closes).toBe(true)
  expect(parseHead('HTTP/1.1 204 No Content').closes).toBe(false)
})
