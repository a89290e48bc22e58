import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pictureOf, variantWidths } from '../contract.ts'
import { noise, openTestMedia, square, type TestMedia } from './fixture.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

describe('delivery', () => {
  it('answers what pictureOf promises, in the right type and size', async () => {
    const image = await media.client.putImage(
      new Uint8Array(await noise(700, 350).jpeg().toBuffer()),
      { name: 'photo.jpg' },
    )
    expect(image.fallback).toBe('jpg')
    const picture = pictureOf(image)
    expect(picture.sources.map(({ type }) => type)).toEqual([
      'image/avif',
      'image/webp',
      'image/jpeg',
    ])
    for (const { type, srcset } of picture.sources) {
      const widths = []
      for (const candidate of srcset.split(', ')) {
        const [src = '', width = ''] = candidate.split(' ')
        const answer = await media.ask(src)
        expect(answer.status).toBe(200)
        expect(answer.headers.get('content-type')).toBe(type)
        expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
        const made = await sharp(await answer.arrayBuffer()).metadata()
        expect(made.format).toBe({ avif: 'heif', webp: 'webp', jpeg: 'jpeg' }[type.slice(6)])
        expect(`${made.width}w`).toBe(width)
        widths.push(made.width)
      }
      expect(widths).toEqual([320, 640, 700])
    }
    expect((await media.ask(picture.src)).status).toBe(200)
  })

  it('never enlarges, and ends at 1920', () => {
    expect(variantWidths({ width: 100 })).toEqual([100])
    expect(variantWidths({ width: 320 })).toEqual([320])
    expect(variantWidths({ width: 5000 })).toEqual([320, 640, 960, 1280, 1920])
  })

  it('keeps what is see-through see-through, and screenshots sharp', async () => {
    const drawn = await sharp({
      create: {
        width: 400,
        height: 300,
        channels: 4,
        background: { r: 255, g: 0, b: 0, alpha: 0.5 },
      },
    })
      .png()
      .toBuffer()
    const image = await media.client.putImage(new Uint8Array(drawn), { name: 'shot.png' })
    expect(image.fallback).toBe('png')
    expect(pictureOf(image).src).toBe(`/media/${image.id}/400.png`)
    for (const format of ['avif', 'webp', 'png']) {
      const made = await (await media.ask(`/media/${image.id}/320.${format}`)).arrayBuffer()
      expect((await sharp(made).stats()).isOpaque).toBe(false)
    }
    expect((await media.ask(`/media/${image.id}/320.jpg`)).headers.get('content-type')).toBe(
      'image/jpeg',
    )
  })

  it('makes a variant once, whoever asks', async () => {
    const { id } = await media.uploaded(await noise(90, 90).png().toBuffer(), 'image/png')
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => media.ask(`/media/${id}/90.avif`)),
    )
    const bodies = await Promise.all(
      answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())),
    )
    for (const body of bodies) expect(body.equals(bodies[0] ?? Buffer.alloc(0))).toBe(true)
    // What is made is served as it lies in the storage.
    writeFileSync(join(media.data, id.slice(0, 2), id, '90.avif'), 'kept')
    expect(await (await media.ask(`/media/${id}/90.avif`)).text()).toBe('kept')
  })

  it('answers HEAD and 304', async () => {
    const { id } = await media.uploaded(await noise(33, 33).png().toBuffer(), 'image/png')
    const whole = await media.ask(`/media/${id}/33.webp`)
    const etag = whole.headers.get('etag') ?? ''
    const head = await media.ask(`/media/${id}/33.webp`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('content-length')).toBe(String((await whole.arrayBuffer()).byteLength))
    expect(await head.text()).toBe('')
    for (const value of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const same = await media.ask(`/media/${id}/33.webp`, { headers: { 'If-None-Match': value } })
      expect(same.status).toBe(304)
      expect(same.headers.get('etag')).toBe(etag)
    }
    const other = await media.ask(`/media/${id}/33.webp`, { headers: { 'If-None-Match': '"x"' } })
    expect(other.status).toBe(200)
  })

  it('serves an SVG without any rights', async () => {
    const { id, variants } = await media.uploaded(square.replace('40', '41'), 'image/svg+xml')
    expect(variants.map(({ src }) => src)).toEqual([`/media/${id}/image.svg`])
    const answer = await media.ask(`/media/${id}/image.svg`)
    expect(answer.headers.get('content-type')).toBe('image/svg+xml')
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    )
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toContain('immutable')
  })

  it('knows no other address', async () => {
    const { id } = await media.uploaded(await noise(700, 20).png().toBuffer(), 'image/png')
    const svg = await media.uploaded(square.replace('40', '42'), 'image/svg+xml')
    const nothing = 'a'.repeat(40)
    const paths = [
      `/media/${id}/319.avif`,
      `/media/${id}/960.avif`,
      `/media/${id}/0320.avif`,
      `/media/${id}/320.gif`,
      `/media/${id}/320.constructor`,
      `/media/${id}/320`,
      `/media/${id}/image.svg`,
      `/media/${id}/99999999999.avif`,
      `/media/${id}/-1.avif`,
      `/media/${id}`,
      `/media/${id}/320.avif/x`,
      `/media/${svg.id}/40.webp`,
      `/media/${nothing}/320.avif`,
      `/media/${nothing}/image.svg`,
      `/media/${id.toUpperCase()}x/320.avif`,
      `/media/..%2f..%2fetc/320.avif`,
      `/media/${id}/..%2f..%2f..%2fetc%2fpasswd`,
      `/media/${id}/%2e%2e%2foriginal.png`,
      `/media/${id}/original.png`,
      `/media/%00/320.avif`,
      `/media/%ff%fe/320.avif`,
      `/media/${id}/320.avif%00.svg`,
      `/media/..\\..\\x/320.avif`,
      `/media/generated/x`,
      `/media/generated/x.png`,
      `/media/generated/${'x'.repeat(400)}.svg`,
      '/media',
      '/media/',
      `/api/images/${nothing}`,
      '/api/images/..%2f..',
      '/api/images/1',
    ]
    for (const path of paths) {
      const answer = await media.ask(path)
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    expect((await media.ask(`/media/${id}/320.webp`, { method: 'POST' })).status).toBe(405)
  })

  it('serves what is made without the database', async () => {
    const { id } = await media.uploaded(await noise(39, 39).png().toBuffer(), 'image/png')
    const svg = await media.uploaded(square.replace('40', '39'), 'image/svg+xml')
    await media.ask(`/media/${id}/39.webp`)
    await media.db.work`alter table media.image rename to image_away`
    try {
      expect((await media.ask(`/media/${id}/39.webp`)).status).toBe(200)
      expect((await media.ask(`/media/${svg.id}/image.svg`)).status).toBe(200)
    } finally {
      await media.db.work`alter table media.image_away rename to image`
    }
  })

  it('is 503 while the storage is away', async () => {
    const { id } = await media.uploaded(await noise(34, 34).png().toBuffer(), 'image/png')
    const folder = join(media.data, id.slice(0, 2))
    rmSync(folder, { recursive: true })
    // A file where a folder should be: as unreadable as a disk that fell off, even for root.
    writeFileSync(folder, '')
    try {
      const answer = await media.ask(`/media/${id}/34.webp`)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect((await media.command('DELETE', `/api/images/${id}`)).status).toBe(503)
      expect((await media.ask(`/api/images/${id}`)).status).toBe(200)
    } finally {
      rmSync(folder)
    }
  })
})

describe('generated pictures', () => {
  it('are the same for the same seed, and differ between seeds', async () => {
    const draw = async (seed: string) =>
      await (await media.ask(`/media/generated/${encodeURIComponent(seed)}.svg`)).text()
    expect(await draw('sql')).toBe(await draw('sql'))
    expect(await draw('sql')).not.toBe(await draw('chance'))
    const odd = '"><script>alert(1)</script>/ é ../'
    const drawn = await draw(odd)
    expect(drawn).not.toContain('script')
    const { width, height } = await sharp(Buffer.from(drawn)).metadata()
    expect([width, height]).toEqual([640, 320])
  })
})
