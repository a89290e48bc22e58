import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { uuidv7 } from '@colonnade/http'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { variantPath } from './contract.ts'
import { noise, openTestMedia, square, type TestMedia } from './images/fixture.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

const bytesOf = async (picture: { toBuffer(): Promise<Buffer> }) =>
  new Uint8Array(await picture.toBuffer())
const shown = async (id: string, width: number) =>
  (await media.ask(variantPath(id, width, 'webp'))).status
const hasFiles = (id: string) => existsSync(join(media.data, id.slice(0, 2), id))

test('one file of two people is two photos, and each goes alone', async () => {
  const bytes = await bytesOf(
    noise(60, 40)
      .jpeg()
      .withExif({ IFD0: { Artist: 'Ada' } }),
  )
  const [ada, ben] = [uuidv7(), uuidv7()]
  const site = await media.client.putImage(bytes, { name: 'cover' })
  const hers = await media.client.putPhoto(bytes, { person: ada })
  const his = await media.client.putPhoto(bytes, { person: ben })
  expect(new Set([site.id, hers.id, his.id]).size).toBe(3)
  expect(await media.client.putPhoto(bytes, { person: ada })).toEqual(hers)
  const kept = await media.ask(variantPath(hers.id, 60, 'jpg'))
  expect((await sharp(Buffer.from(await kept.arrayBuffer())).metadata()).exif).toBeUndefined()

  await media.client.removePhotos(ada)
  expect([await shown(hers.id, 60), await shown(his.id, 60), await shown(site.id, 60)]).toEqual([
    404, 200, 200,
  ])
  expect([hasFiles(hers.id), hasFiles(his.id)]).toEqual([false, true])
})

test('a new photo may take the place of those before', async () => {
  const person = uuidv7()
  const first = await media.client.putPhoto(await bytesOf(noise(50, 50).png()), { person })
  const second = await media.client.putPhoto(await bytesOf(noise(51, 50).png()), { person })
  await media.client.removePhotos(person, { but: second.id })
  expect([await shown(first.id, 50), await shown(second.id, 51)]).toEqual([404, 200])
})

test('a drawing, a bomb and what is none at all are refused; only services may ask', async () => {
  const person = uuidv7()
  const put = (bytes: Uint8Array<ArrayBuffer>) => media.client.putPhoto(bytes, { person })
  await expect(put(new TextEncoder().encode(square))).rejects.toMatchObject({ status: 415 })
  await expect(put(new TextEncoder().encode('hello'))).rejects.toMatchObject({ status: 415 })
  const bomb = sharp({
    create: { width: 9000, height: 9000, channels: 3, background: '#fff' },
    limitInputPixels: false,
  })
  await expect(put(await bytesOf(bomb.png()))).rejects.toMatchObject({ status: 422 })
  const outside = await media.ask(`/internal/photos/${person}`, { method: 'POST', body: 'x' })
  expect(outside.status).toBe(401)
})

test('a person is given their photo, and it is gone when they go, however often that is asked', async () => {
  const person = uuidv7()
  expect(await media.keeps.exportPerson(person)).toBeNull()
  const { id } = await media.client.putPhoto(await bytesOf(noise(40, 40).jpeg()), { person })
  const given = await media.keeps.exportPerson(person)
  expect(given?.files).toEqual([{ name: `${id}.jpg`, path: `/media/${id}/40.jpg` }])
  const file = await media.keeps.file(given?.files[0]?.path ?? '')
  expect((await sharp(Buffer.from(await file.arrayBuffer())).metadata()).width).toBe(40)
  const erase = (key: string) => media.keeps.erasePerson(person, { language: 'es', key })
  expect(await erase('1')).toEqual({ erased: ['Tu foto.'], kept: [] })
  expect(await erase('2')).toEqual({ erased: [], kept: [] })
  expect(await media.keeps.exportPerson(person)).toBeNull()
})
