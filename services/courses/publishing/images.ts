import type { CourseSource } from '@colonnade/format'
import { PeerError, Problem } from '@colonnade/http'
import type { Image, MediaClient } from '@colonnade/media/contract'
import type { Files } from './publish.ts'

const atOnce = 4

/**
 * Gives every picture of a course to media.
 * @returns what media keeps, by path
 * @throws Problem 422, one entry per picture that is missing or that media does not take
 */
export async function keepImages(
  media: Pick<MediaClient, 'putImage'>,
  source: CourseSource,
  files: Files,
): Promise<Map<string, Image>> {
  const named = [
    ...source.images,
    source.image,
    ...source.people.map((person) => person.photo),
    ...source.organisations.map((organisation) => organisation.logo),
  ]
  const waiting = [...new Set(named.filter((path) => typeof path === 'string'))]
  const kept = new Map<string, Image>()
  const wrong: { path: string; message: string }[] = []
  const work = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const bytes = files.get(path)
      if (!bytes) {
        wrong.push({ path: `/${path}`, message: 'is not in the folder' })
        continue
      }
      try {
        kept.set(path, await media.putImage(bytes, { name: path }))
      } catch (error) {
        if (!(error instanceof PeerError) || error.status < 400 || error.status >= 500) throw error
        if (error.status === 401 || error.status === 404) throw error
        wrong.push({ path: `/${path}`, message: error.detail })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (wrong.length > 0) {
    throw new Problem(422, 'Some pictures cannot be used. Nothing was published.', wrong)
  }
  return kept
}
