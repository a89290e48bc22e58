import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imageDetails } from './contract.ts'
import { noise, openTestMedia, square, type TestMedia } from './images/fixture.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

describe('upload', () => {
  it('takes every format, told by its content', async () => {
    const picture = noise(50, 40)
    const files = {
      'image/png': await picture.clone().png().toBuffer(),
      'image/jpeg': await picture.clone().jpeg().toBuffer(),
      'image/webp': await picture.clone().webp().toBuffer(),
      'image/avif': await picture.clone().avif({ effort: 0 }).toBuffer(),
      'image/gif': await picture.clone().gif().toBuffer(),
    }
    for (const [type, bytes] of Object.entries(files)) {
      const image = await media.uploaded(bytes, type)
      expect(image).toMatchObject({ kind: 'raster', width: 50, height: 40 })
    }
    expect(await media.uploaded(square, 'image/svg+xml')).toMatchObject({
      kind: 'svg',
      width: 40,
      height: 20,
    })
  })

  it('needs the operator’s token', async () => {
    const answer = await media.ask('/api/images', { method: 'POST', body: square })
    expect(answer.status).toBe(401)
  })

  it('answers the same image for the same bytes, wherever they come from', async () => {
    const bytes = await noise(30, 30).png().toBuffer()
    const first = await media.uploaded(bytes, 'image/png')
    const second = await media.upload(bytes, 'image/png')
    expect(second.status).toBe(200)
    expect(imageDetails.parse(await second.json())).toEqual(first)
    const third = await media.client.putImage(new Uint8Array(bytes), { name: 'fig/a.png' })
    expect(third.id).toBe(first.id)
  })

  it('takes the same new image from many at once', async () => {
    const bytes = await noise(31, 30).png().toBuffer()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => media.upload(bytes, 'image/png')),
    )
    for (const { status } of answers) expect([200, 201]).toContain(status)
  })

  it('keeps its bytes again when the storage lost them', async () => {
    const bytes = await noise(32, 30).png().toBuffer()
    const { id } = await media.uploaded(bytes, 'image/png')
    rmSync(join(media.data, id.slice(0, 2), id), { recursive: true })
    expect((await media.ask(`/media/${id}/32.webp`)).status).toBe(503)
    await media.upload(bytes, 'image/png')
    expect((await media.ask(`/media/${id}/32.webp`)).status).toBe(200)
  })
})

describe('what is kept', () => {
  it('has no metadata, and stands upright', async () => {
    const bytes = await noise(60, 40)
      .jpeg()
      .withMetadata({ orientation: 6 })
      .withExif({
        IFD0: { Copyright: 'secret place', Make: 'camera' },
        IFD3: { GPSLatitude: '1/1 2/1 3/1' },
      })
      .toBuffer()
    expect((await sharp(bytes).metadata()).exif).toBeDefined()
    const image = await media.uploaded(bytes, 'image/jpeg')
    expect(image).toMatchObject({ width: 40, height: 60 })
    const folder = join(media.data, image.id.slice(0, 2), image.id)
    for (const variant of image.variants) await media.ask(variant.src)
    const files = readdirSync(folder)
    expect(files.length).toBeGreaterThanOrEqual(4)
    for (const file of files) {
      const { exif, xmp, icc, iptc, orientation } = await sharp(join(folder, file)).metadata()
      expect({ file, exif, xmp, icc, iptc, orientation }).toEqual({ file })
    }
  })

  it('is the first frame of an animation', async () => {
    const frames = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 16, height: 16, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    expect((await sharp(gif).metadata()).pages).toBe(2)
    const image = await media.uploaded(gif, 'image/gif')
    expect(image).toMatchObject({ width: 16, height: 16 })
    const png = await (await media.ask(`/media/${image.id}/16.png`)).arrayBuffer()
    const { dominant } = await sharp(png).stats()
    expect(dominant.r).toBeGreaterThan(200)
  })

  it('holds nothing of a file within the file', async () => {
    const page = '<script>alert(1)</script><?php system($_GET[0]); ?>PK\x03\x04'
    for (const type of ['png', 'jpeg', 'gif', 'webp'] as const) {
      const bytes = Buffer.concat([await noise(20, 20)[type]().toBuffer(), Buffer.from(page)])
      const answer = await media.upload(bytes, `image/${type}`)
      if (answer.status === 422) continue
      const { id, variants } = imageDetails.parse(await answer.json())
      for (const { src } of variants) await media.ask(src)
      const folder = join(media.data, id.slice(0, 2), id)
      for (const file of readdirSync(folder)) {
        const kept = readFileSync(join(folder, file), 'latin1')
        for (const part of page.match(/.{8}/g) ?? []) expect(kept).not.toContain(part)
      }
    }
  })
})

describe('the list and removal', () => {
  it('pages through all images, the newest first', async () => {
    const seen: string[] = []
    let path = '/api/images?limit=3'
    for (;;) {
      const answer = await media.command('GET', path)
      expect(answer.status).toBe(200)
      const { items, next }: { items: { id: string }[]; next: string | null } = await answer.json()
      seen.push(...items.map(({ id }) => id))
      if (!next) break
      path = `/api/images?limit=3&cursor=${next}`
    }
    const [{ count } = { count: 0 }] = await media.db.hot<{ count: number }[]>`
      select count(*) as count from media.image`
    expect(seen.length).toBe(count)
    expect(new Set(seen).size).toBe(count)
    for (const cursor of [
      'x',
      'bnVsbA',
      Buffer.from('["2026-99-99 00:00:00+00","x"]').toString('base64url'),
    ]) {
      expect((await media.command('GET', `/api/images?cursor=${cursor}`)).status).toBe(422)
    }
    expect((await media.ask('/api/images')).status).toBe(401)
  })

  it('tells of an image, and 304 for who knows', async () => {
    const { id } = await media.uploaded(square.replace('40', '43'), 'image/svg+xml')
    const answer = await media.ask(`/api/images/${id}`)
    expect(imageDetails.parse(await answer.json())).toMatchObject({ id, width: 43 })
    const headers = { 'If-None-Match': answer.headers.get('etag') ?? '' }
    expect((await media.ask(`/api/images/${id}`, { headers })).status).toBe(304)
  })

  it('removes an image with everything made of it', async () => {
    const { id, variants } = await media.uploaded(await noise(35, 35).png().toBuffer(), 'image/png')
    for (const { src } of variants) await media.ask(src)
    expect((await media.ask(`/api/images/${id}`, { method: 'DELETE' })).status).toBe(401)
    expect((await media.command('DELETE', `/api/images/${id}`)).status).toBe(204)
    expect(existsSync(join(media.data, id.slice(0, 2), id))).toBe(false)
    for (const { src } of variants) expect((await media.ask(src)).status).toBe(404)
    expect((await media.command('DELETE', `/api/images/${id}`)).status).toBe(404)
  })
})

it('lets only services in by the inner door', async () => {
  const answer = await media.ask('/internal/images', { method: 'POST', body: square })
  expect(answer.status).toBe(401)
})
