import { crc32, deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noise, openTestMedia, square, type TestMedia } from './fixture.ts'
import { limits } from './limits.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

/** Sends it by both doors, and makes sure that a refusal leaves nothing behind. */
async function refusal(bytes: Uint8Array | string, type: string): Promise<number> {
  const answer = await media.upload(bytes, type)
  if (answer.status >= 400) {
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const given = new Uint8Array(Buffer.from(bytes))
    await expect(media.client.putImage(given, { name: '' })).rejects.toMatchObject({
      status: answer.status,
    })
    const [row] = await media.db.hot`select 1 from media.image`
    expect(row).toBeUndefined()
  }
  return answer.status
}

const chunk = (name: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(name), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** A PNG that says it has these dimensions, with these bytes as its pixels. */
function png(width: number, height: number, pixels: Uint8Array, extra: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  // One bit a pixel, grey.
  header[8] = 1
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('what it is', () => {
  it('is told by content: another type than declared is 415', async () => {
    const jpeg = await noise(10, 10).jpeg().toBuffer()
    expect(await media.upload(jpeg, 'image/png')).toMatchObject({ status: 415 })
    expect(await media.upload(square, 'image/png')).toMatchObject({ status: 415 })
    expect(await media.upload(jpeg, 'image/svg+xml')).toMatchObject({ status: 415 })
    for (const type of ['text/html', 'application/octet-stream', 'image/tiff', '', 'image/*']) {
      expect(await media.upload(jpeg, type)).toMatchObject({ status: 415 })
    }
  })

  it('is 415 when it is nothing we accept', async () => {
    const tiff = await noise(10, 10).tiff().toBuffer()
    const others: Record<string, Uint8Array | string> = {
      empty: '',
      text: 'a picture, honestly',
      html: '<!doctype html><html><body><script>alert(1)</script></body></html>',
      xml: '<?xml version="1.0"?><note><svg xmlns="http://www.w3.org/2000/svg"/></note>',
      pdf: '%PDF-1.7\n%âãÏÓ',
      zip: 'PK\x03\x04',
      svgz: gzipSync(square),
      tiff,
      bmp: Buffer.from('BM\x3a\0\0\0\0\0\0\0', 'latin1'),
      php: '<?php echo 1; ?>',
      half: Buffer.from([0xff, 0xd8]),
      mp4: Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
    }
    for (const [name, bytes] of Object.entries(others)) {
      for (const type of ['image/png', 'image/svg+xml']) {
        expect({ name, status: await refusal(bytes, type) }).toEqual({ name, status: 415 })
      }
    }
  })

  it('is 422 when it is broken or cut off', async () => {
    const picture = noise(200, 200)
    for (const type of ['png', 'jpeg', 'webp', 'gif', 'avif'] as const) {
      const whole = await picture.clone()[type]().toBuffer()
      for (const part of [whole.subarray(0, 24), whole.subarray(0, whole.length / 2)]) {
        const status = await refusal(part, `image/${type}`)
        expect({ type, length: part.length, status }).toEqual({
          type,
          length: part.length,
          status: 422,
        })
      }
      const garbled = Buffer.concat([whole.subarray(0, 32), Buffer.alloc(400, 0x5a)])
      expect({ type, status: await refusal(garbled, `image/${type}`) }).toEqual({
        type,
        status: 422,
      })
    }
  })
})

describe('limits', () => {
  it('is 413 beyond 15 MB, whether the length is told or not', async () => {
    const bytes = Buffer.alloc(limits.bytes + 1)
    bytes.set(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
    expect(await refusal(bytes, 'image/png')).toBe(413)
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { Authorization: 'Bearer operator-token-of-the-tests', 'Content-Type': 'image/png' },
      body: new Blob([bytes]).stream(),
      duplex: 'half',
    }
    expect(await media.ask('/api/images', init)).toMatchObject({ status: 413 })
  })

  it('is 413 for an SVG beyond 4 MB', async () => {
    const long = square.replace('<rect', `<!--${'x'.repeat(limits.svgBytes)}--><rect`)
    expect(await refusal(long, 'image/svg+xml')).toBe(413)
  })

  it('is 422 for what says it is huge, before anything is unpacked', async () => {
    const small = deflateSync(Buffer.alloc(100))
    expect(await refusal(png(30_000, 30_000, small), 'image/png')).toBe(422)
    const told = await (await media.upload(png(30_000, 30_000, small), 'image/png')).json()
    expect(told).toMatchObject({ detail: expect.stringContaining('30000 × 30000') })
    expect(await refusal(png(2 ** 31 - 1, 2 ** 31 - 1, small), 'image/png')).toBe(422)
    const long = deflateSync(Buffer.alloc(1 + Math.ceil(16_001 / 8)))
    expect(await refusal(png(16_001, 1, long), 'image/png')).toBe(422)
    expect(await refusal(png(8000, 5001, small), 'image/png')).toBe(422)
    expect(await refusal(png(0, 10, small), 'image/png')).toBe(422)
    const gif = Buffer.from(
      'GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;',
      'latin1',
    )
    expect(await refusal(gif, 'image/gif')).toBe(422)
  })

  it('is 422 for real bombs: a few kilobytes that unpack to 100 MB', async () => {
    const zeros = deflateSync(Buffer.alloc(100_000_000), { level: 9 })
    expect(zeros.length).toBeLessThan(120_000)
    // 900 megapixels that are really there.
    expect(await refusal(png(30_000, 26_000, zeros), 'image/png')).toBe(422)
    const wide = await sharp({
      create: { width: 8000, height: 6000, channels: 3, background: '#fff' },
    })
      .jpeg({ quality: 1 })
      .toBuffer()
    expect(await refusal(wide, 'image/jpeg')).toBe(422)
  }, 60_000)

  it('does not unpack what a picture does not need', async () => {
    const before = process.memoryUsage().rss
    const bomb = deflateSync(Buffer.alloc(400_000_000), { level: 9 })
    const row = deflateSync(Buffer.from([0, 0x80]))
    const profile = Buffer.concat([Buffer.from('icc\0\0'), bomb])
    const note = Buffer.concat([Buffer.from('note\0\0'), bomb])
    for (const bytes of [
      png(1, 1, bomb),
      png(1, 1, row, [chunk('iCCP', profile)]),
      png(1, 1, row, [chunk('zTXt', note)]),
    ]) {
      const answer = await media.upload(bytes, 'image/png')
      expect([201, 413, 422]).toContain(answer.status)
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(600_000_000)
  }, 60_000)
})
