import type { CourseSource, ReportLine } from '@colonnade/format'
import { PeerError } from '@colonnade/http'
import type { Image, MediaClient } from '@colonnade/media/contract'
import type { Files } from './prepare.ts'

const atOnce = 4

/** What became of a course's pictures, by path: what media keeps, or null for one that it refused. */
export type Images = ReadonlyMap<string, Image | null>

/** A picture that media refused, and media's reason. */
export type Refused = { path: string; why: string }

/** What media answers when it is the picture that is wrong: too large, of another kind, broken. */
const pictureAtFault = new Set([413, 415, 422])

/**
 * Gives every picture of a course to media.
 * @throws PeerError or a network error when media is away or fails, for which no picture is to blame
 */
export async function keepImages(
  media: Pick<MediaClient, 'putImage'>,
  source: CourseSource,
  files: Files,
): Promise<{ images: Images; refused: Refused[] }> {
  const waiting = [...picturesOf(source)]
  const images = new Map<string, Image | null>()
  const refused: Refused[] = []
  const work = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const bytes = files.get(path)
      if (!bytes) throw new Error(`the reader named a picture that is not there: ${path}`)
      try {
        images.set(path, await media.putImage(bytes, { name: path }))
      } catch (error) {
        if (!(error instanceof PeerError) || !pictureAtFault.has(error.status)) throw error
        images.set(path, null)
        refused.push({ path, why: error.detail })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { images, refused }
}

function picturesOf(source: CourseSource): Set<string> {
  const named = [
    ...source.images,
    source.image,
    ...source.people.map((person) => person.photo),
    ...source.organisations.map((organisation) => organisation.logo),
  ]
  return new Set(named.filter((path) => typeof path === 'string'))
}

/** The pictures that media refused when a report was written. */
export function refusedIn(report: readonly ReportLine[], source: CourseSource): Set<string> {
  const pictures = picturesOf(source)
  const dropped = report.filter(
    ({ file, element, outcome }) =>
      element === 'image' && outcome === 'dropped' && pictures.has(file),
  )
  return new Set(dropped.map(({ file }) => file))
}

/** The reader's report with what media refused: a picture counts as taken over no more. */
export function withRefused(
  report: readonly ReportLine[],
  refused: readonly Refused[],
): ReportLine[] {
  const paths = new Set(refused.map(({ path }) => path))
  const dropped = refused.map(
    ({ path, why }): ReportLine => ({
      file: path,
      line: 1,
      element: 'image',
      outcome: 'dropped',
      why,
      count: 1,
    }),
  )
  const others = report.filter(({ file, element }) => element !== 'picture' || !paths.has(file))
  return [...others, ...dropped].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line,
  )
}
