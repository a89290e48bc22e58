import { renderHtml } from '@colonnade/ui'
import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { QrCode } from './qr-code.tsx'

test('a reader reads what it was given', () => {
  const text = 'otpauth://totp/Colonnade:ada%40example.org?issuer=Colonnade&secret=GYGHGK3CNVHIDELP'
  const html = renderHtml(<QrCode text={text} label="A code" />)
  const side = Number(/viewBox="0 0 (\d+) \d+"/.exec(html)?.[1])
  // As a picture: four pixels a square, white where nothing is drawn.
  const scale = 4
  const width = side * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y] of html.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let i = 0; i < scale * scale; i++) {
      const column = Number(x) * scale + (i % scale)
      const row = Number(y) * scale + Math.floor(i / scale)
      data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3)
    }
  }
  expect(decodeQR({ width, height: width, data })).toBe(text)
  expect(html).toContain('role="img" aria-label="A code"')
})
