import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noise, openTestMedia, square, type TestMedia } from '../images/fixture.ts'
import { credentials, openTestBucket } from './fixture.ts'
import { openStorage } from './open.ts'

let bucket: Awaited<ReturnType<typeof openTestBucket>>
let media: TestMedia
beforeAll(async () => {
  bucket = await openTestBucket()
  media = await openTestMedia(bucket.env)
})
afterAll(async () => {
  await media.close()
  await bucket.close()
})

it('keeps images and their variants in the bucket, signed, and nothing in the folder', async () => {
  const { id, variants } = await media.uploaded(await noise(36, 36).jpeg().toBuffer(), 'image/jpeg')
  for (const { src, type } of variants) {
    const answer = await media.ask(src)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
  }
  const folder = `/pictures/${id.slice(0, 2)}/${id}`
  const kept = [...bucket.objects].map(([key, { type }]) => [key, type])
  expect(Object.fromEntries(kept)).toEqual({
    [`${folder}/original.jpg`]: 'image/jpeg',
    [`${folder}/36.avif`]: 'image/avif',
    [`${folder}/36.webp`]: 'image/webp',
    [`${folder}/36.jpg`]: 'image/jpeg',
  })
  expect(existsSync(join(media.data, id.slice(0, 2)))).toBe(false)
  expect(bucket.state.refused).toBe(0)

  expect((await media.command('DELETE', `/api/images/${id}`)).status).toBe(204)
  expect([...bucket.objects.keys()].filter((key) => key.startsWith(folder))).toEqual([])
  expect((await media.ask(variants[0]?.src ?? '')).status).toBe(404)
})

it('serves an SVG from the bucket', async () => {
  const { id } = await media.uploaded(square, 'image/svg+xml')
  expect(await (await media.ask(`/media/${id}/image.svg`)).text()).toContain('<rect')
})

it('is 503 while the bucket is away, and mends by itself', async () => {
  const { id } = await media.uploaded(await noise(37, 37).png().toBuffer(), 'image/png')
  bucket.state.away = true
  try {
    expect((await media.ask(`/media/${id}/37.webp`)).status).toBe(503)
    expect((await media.upload(await noise(38, 38).png().toBuffer(), 'image/png')).status).toBe(503)
    const [row] = await media.db.hot`select id from media.image where width = 38`
    expect(row).toBeUndefined()
  } finally {
    bucket.state.away = false
  }
  expect((await media.ask(`/media/${id}/37.webp`)).status).toBe(200)
})

it('is 503 when nobody listens, when the key is wrong and when there is no such bucket', async () => {
  const settings = [
    { MEDIA_S3_ENDPOINT: 'http://127.0.0.1:1' },
    { MEDIA_S3_SECRET_ACCESS_KEY: 'wrong' },
    { MEDIA_S3_BUCKET: 'missing' },
  ]
  for (const wrong of settings) {
    const storage = openStorage('/nowhere', { ...bucket.env, ...wrong })
    await expect(storage.write('a/b', Buffer.from('x'), 'text/plain')).rejects.toMatchObject({
      status: 503,
    })
  }
})

it('says at once which settings are missing', () => {
  const { MEDIA_S3_SECRET_ACCESS_KEY: _, ...incomplete } = credentials
  expect(() => openStorage('/nowhere', incomplete)).toThrow(
    /MEDIA_S3_ENDPOINT.*MEDIA_S3_SECRET_ACCESS_KEY/,
  )
})
