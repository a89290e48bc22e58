import { createHash } from 'node:crypto'
import type { Sql, Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import type { CourseSource, ReportLine } from '@colonnade/format'
import { Problem } from '@colonnade/http'
import type { InstructorsClient } from '@colonnade/instructors/contract'
import type { MediaClient } from '@colonnade/media/contract'
import type { ReviewsClient } from '@colonnade/reviews/contract'
import { z } from 'zod'
import { reportLine } from '../api/courses.ts'
import { findReport } from '../queries/course.ts'
import { insertBlob, insertFiles, listKnownBlobs } from '../queries/files.ts'
import {
  findIdentity,
  findIdentityById,
  type Identity,
  isTaken,
  reserveCourse,
} from '../queries/identity.ts'
import { identify, insertItems, insertLessons, insertModules } from '../queries/parts.ts'
import { insertRevision, lockCourse, publishRevision } from '../queries/publish.ts'
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

/**
 * Publishes what a course folder holds as the course's next revision. A course is known by the `id:` of its
 * `colonnade/course.yaml`, else by its slug. First what others keep of it goes to them (images, people, example
 * reviews), then all of ours in one transaction: when another service is away, nothing is published. A picture that
 * media refuses is left out and reported.
 * @throws Problem 404 for an unknown `replaces`, 409 for a slug that another course has
 */
export async function publish(publisher: Publisher, given: Given): Promise<Published> {
  const { sql } = publisher
  const { source } = given
  const key = source.id ?? source.slug
  const known = await identityOf(sql, key, given)
  const hash = hashOf(given)
  const before = await findSame(sql, known, given, hash)
  if (before && before.refused.size === 0) return before.published
  const id = known?.id ?? (await reserveCourse(sql, key, source.slug))
  if (id === undefined || (await isTaken(sql, key, source.slug, id))) {
    throw new Problem(
      409,
      `Another course has the slug or the id of ${source.slug}: choose another one.`,
    )
  }
  const { images, refused } = await keepImages(publisher.media, source, given.files)
  given.report.splice(0, given.report.length, ...withRefused(given.report, refused))
  // The same files are another revision when media has learnt to take a picture since.
  if (before && areSame(refused, before.refused)) return before.published
  const teaching = teachingOf(source, images)
  const declaresTeaching = teaching !== null
  const declaresExamples = source.reviews.length > 0
  if (teaching ?? known?.declaresTeaching) {
    await publisher.instructors.putTeaching(
      id,
      teaching ?? { people: [], organisations: [], testimonials: [] },
    )
  }
  if (declaresExamples || known?.declaresExamples) {
    await publisher.reviews.putExamples(id, source.reviews)
  }
  const rows = rowsOf(source, images)
  const revision = await sql.begin((tx) =>
    writeRevision(tx, { ...given, id, key, hash, rows }, { declaresTeaching, declaresExamples }),
  )
  publisher.nudge()
  return { id, slug: source.slug, revision, unchanged: false, created: !known?.published }
}

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

async function identityOf(sql: Sql, key: string, given: Given): Promise<Identity | undefined> {
  if (given.replaces === undefined) {
    return await findIdentity(sql, key, given.source.slug)
  }
  const found = await findIdentityById(sql, given.replaces)
  if (!found) throw new Problem(404, `There is no course ${given.replaces}.`)
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

type Writing = Given & { id: number; key: string; hash: Buffer; rows: CourseRows }
type Declared = { declaresTeaching: boolean; declaresExamples: boolean }

async function writeRevision(
  tx: Transaction,
  { id, key, hash, rows, source, files, report }: Writing,
  declared: Declared,
): Promise<number> {
  const { number, slug: slugBefore } = await lockCourse(tx, id)
  const course = { ...rows.course, ...declared, courseId: id, report }
  const revisionId = await insertRevision(tx, { ...course, number, hash })
  const place = { courseId: id, revisionId }
  const keysOf = (parts: readonly { key: string }[]) => parts.map((part) => part.key)
  await identify(tx, 'module', id, keysOf(rows.modules))
  await identify(tx, 'lesson', id, keysOf(rows.lessons))
  await identify(tx, 'item', id, keysOf(rows.items))
  await insertModules(tx, place, rows.modules)
  await insertLessons(tx, place, rows.lessons)
  await insertItems(tx, place, rows.items)
  await writeFiles(tx, revisionId, files)
  await publishRevision(
    tx,
    { ...course, ...rows.listing, revisionId, key, slug: source.slug },
    number === 1 ? source.slug : slugBefore,
  )
  await tellOfCourse(tx, id)
  return number
}

/** Tells that a course and the catalogue it stands in have changed. */
export async function tellOfCourse(tx: Transaction, id: number): Promise<void> {
  await tell(tx, 'courses', {
    type: 'course.changed',
    subject: `course:${id}`,
    data: { courseId: id },
  })
  await tell(tx, 'courses', { type: 'catalogue.changed', subject: 'catalogue:all' })
}

async function writeFiles(tx: Transaction, revisionId: number, files: Files): Promise<void> {
  const hashed = [...files].map(([path, bytes]) => ({
    path,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
  const known = await listKnownBlobs(
    tx,
    hashed.map((file) => file.sha256),
  )
  for (const { sha256, bytes } of hashed) {
    if (!known.has(sha256)) await insertBlob(tx, sha256, bytes)
  }
  await insertFiles(tx, revisionId, hashed)
}
