import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { qrPath } from './qr.ts'

test('the code is read back by a reader', () => {
  const address = 'https://learn.example.org/certificates/0198f3a0-0000-7000-8000-000000000000'
  const { path, size } = qrPath(address)
  const [scale, quiet] = [4, 4]
  const side = (size + 2 * quiet) * scale
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const [, x = '', y = '', w = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = 0; row < scale; row++) {
      const from = (Number(y) + quiet) * scale + row
      for (let at = 0; at < Number(w) * scale; at++) {
        data.fill(
          0,
          (from * side + (Number(x) + quiet) * scale + at) * 4,
          (from * side + (Number(x) + quiet) * scale + at) * 4 + 3,
        )
      }
    }
  }
  expect(decodeQR({ width: side, height: side, data })).toBe(address)
})
