import { createHash } from 'node:crypto'
import type { Sql } from '@colonnade/db'
import type { CourseSource, ReportLine } from '@colonnade/format'
import { Problem } from '@colonnade/http'
import type { InstructorsClient, Teaching } from '@colonnade/instructors/contract'
import type { MediaClient } from '@colonnade/media/contract'
import type { ReviewsClient } from '@colonnade/reviews/contract'
import { z } from 'zod'
import { reportLine } from '../api/courses.ts'
import { findReport } from '../queries/course.ts'
import {
  findIdentity,
  findIdentityById,
  type Identity,
  isTaken,
  reserveCourse,
} from '../queries/identity.ts'
import { keepImages, type Refused, refusedIn, withRefused } from './images.ts'
import { type CourseRows, rowsOf } from './rows.ts'
import { teachingOf } from './teaching.ts'

export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

export type Publisher = {
  sql: Sql
  media: Pick<MediaClient, 'putImage'>
  instructors: Pick<InstructorsClient, 'putTeaching'>
  reviews: Pick<ReviewsClient, 'putExamples'>
  nudge(): void
}

export type Published = {
  id: number
  slug: string
  revision: number
  /** True when this very revision was published already. */
  unchanged: boolean
  /** True when the course was not there before. */
  created: boolean
}

export type Given = {
  source: CourseSource
  files: Files
  /** What the reader lost. The pictures that media refuses are added to it. */
  report: ReportLine[]
  /** The course to become a revision of, whatever its key and slug say. */
  replaces?: number | undefined
}

/** All that a folder becomes, before anybody is told of it. */
export type Prepared = Given & {
  id: number
  key: string
  slug: string
  hash: Buffer
  rows: CourseRows
  teaching: Teaching | null
  examples: CourseSource['reviews']
}

/**
 * Turns a folder into rows: its course has an id, its pictures lie with media.
 * @returns the revision that is published already, when it was made of the same
 */
export async function prepare(
  { sql, media }: Publisher,
  given: Given,
  known: Identity | undefined,
): Promise<Prepared | { published: Published }> {
  const { source, files } = given
  const key = keyOf(source)
  const hash = hashOf(given)
  const before = await findSame(sql, known, given, hash)
  if (before && before.refused.size === 0) return before
  const id = known?.id ?? (await reserveCourse(sql, key, source.slug))
  if (id === undefined || (await isTaken(sql, key, source.slug, id))) throw taken(source.slug)
  const { images, refused } = await keepImages(media, source, files)
  const report = withRefused(given.report, refused)
  given.report.splice(0, given.report.length, ...report)
  // The same files are another revision when media has learnt to take a picture since.
  if (before && areSame(refused, before.refused)) return before
  const rows = rowsOf(source, images)
  const teaching = teachingOf(source, images)
  return { ...given, id, key, slug: source.slug, hash, rows, teaching, examples: source.reviews }
}

const keyOf = (source: CourseSource) => source.id ?? source.slug

export const taken = (slug: string) =>
  new Problem(409, `Another course has the slug or the id of ${slug}: choose another one.`)

/** The published revision when it was made of the very same files, and the pictures that media refused then. */
async function findSame(
  sql: Sql,
  known: Identity | undefined,
  { source }: Given,
  hash: Buffer,
): Promise<{ published: Published; refused: Set<string> } | undefined> {
  if (!known?.published || known.revision === null || !known.hash?.equals(hash)) return undefined
  const { id, slug, revision } = known
  const kept = z.array(reportLine).parse((await findReport(sql, id))?.report ?? [])
  const published = { id, slug, revision, unchanged: true, created: false }
  return { published, refused: refusedIn(kept, source) }
}

const areSame = (refused: readonly Refused[], before: ReadonlySet<string>) =>
  refused.length === before.size && refused.every(({ path }) => before.has(path))

/** The course that a folder is a revision of, if it was here before. */
export async function identityOf(
  sql: Sql,
  { source, replaces }: Pick<Given, 'source' | 'replaces'>,
): Promise<Identity | undefined> {
  if (replaces === undefined) return await findIdentity(sql, keyOf(source), source.slug)
  const found = await findIdentityById(sql, replaces)
  if (!found) throw new Problem(404, `There is no course ${replaces}.`)
  return found
}

/** Over all that is published, so that a reader that renders better makes a new revision of the same files. */
function hashOf({ source, files }: Given): Buffer {
  const hash = createHash('sha256').update(JSON.stringify(source))
  for (const path of [...files.keys()].sort()) {
    const bytes = files.get(path) ?? new Uint8Array()
    hash.update(`\n${path}\n${bytes.byteLength}\n`).update(bytes)
  }
  return hash.digest()
}
