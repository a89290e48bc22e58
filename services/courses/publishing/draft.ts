import type { Sql, Transaction } from '@colonnade/db'
import { claimCourse, findOwner, hasRevisions } from '../queries/desk.ts'
import {
  deleteDraft,
  deleteEmptyCourse,
  findDraft,
  insertDraft,
  numberDraft,
} from '../queries/draft.ts'
import { findIdentityById, isTaken } from '../queries/identity.ts'
import { lockCourse, publishRevision } from '../queries/publish.ts'
import { type Given, identityOf, type Prepared, type Publisher, prepare, taken } from './prepare.ts'
import { giveToOthers, tellOfCourses } from './publish.ts'
import { writeRevision } from './revision.ts'

/** Who uploads, and what they may replace. */
export type DraftFor = {
  person: string
  /** Whether they may replace what others own. */
  ofAll: boolean
  /** The course to become a draft of, whatever its key and slug say. */
  replaces: number | undefined
}

export type Drafted = {
  /** Where the course's desk is. */
  slug: string
  /** True when these very files are published already: there is no new draft. */
  unchanged: boolean
}

/**
 * Keeps what a course folder holds as the course's draft, in place of the draft before. Nobody but its teachers sees it,
 * and no other service is told; pictures lie with media, under names that nobody guesses.
 * @throws Problem 409 for a slug or an id that is another's, 404 for an unknown `replaces`
 */
export async function keepDraft(
  publisher: Publisher,
  given: Given,
  { person, ofAll, replaces }: DraftFor,
): Promise<Drafted> {
  const { sql } = publisher
  if (!ofAll) leaveOutReviews(given)
  const known = await identityOf(sql, { ...given, replaces })
  if (known && !(await mayReplace(sql, known.id, person, ofAll))) throw taken(given.source.slug)
  const prepared = await prepare(publisher, given, known)
  if ('published' in prepared) return { slug: prepared.published.slug, unchanged: true }
  const { id } = prepared
  const slug = await sql.begin(async (tx) => {
    const { slug } = await lockCourse(tx, id)
    // Two may have been first at once: the lock decides.
    if (!(await hasRevisions(tx, id))) await claimCourse(tx, id, person)
    if (!(await mayReplace(tx, id, person, ofAll))) throw taken(prepared.slug)
    await deleteDraft(tx, id)
    await insertDraft(tx, await rowOf(prepared, writeRevision(tx, prepared, 0)))
    return slug
  })
  return { slug, unchanged: false }
}

/** Nobody praises their own course in the words of learners: reviews of a folder are the operator's to import. */
function leaveOutReviews({ source, report }: Given): void {
  const count = source.reviews.length
  if (count === 0) return
  source.reviews = []
  const file = 'colonnade/reviews.yaml'
  const others = report.filter((line) => line.file !== file)
  const why = 'Reviews are written by learners; only the operator imports some with a course.'
  report.splice(0, report.length, ...others, {
    file,
    line: 1,
    element: 'review',
    outcome: 'dropped',
    why,
    count,
  })
}

const rowOf = async (
  { id, key, slug, rows, teaching, examples }: Prepared,
  revisionId: Promise<number>,
) => ({
  courseId: id,
  revisionId: await revisionId,
  key,
  slug,
  listing: rows.listing,
  teaching,
  examples,
})

/** Their own course, or one that nobody has and that was never there. */
async function mayReplace(
  sql: Sql | Transaction,
  id: number,
  person: string,
  ofAll: boolean,
): Promise<boolean> {
  if (ofAll) return true
  const owner = await findOwner(sql, id)
  return owner === undefined ? !(await hasRevisions(sql, id)) : owner === person
}

/**
 * Publishes a course's draft as its next revision, as an import would.
 * @param revisionId the draft that is meant: another one may have come meanwhile
 * @returns the course's slug; undefined when that draft is there no more
 * @throws Problem 409 when its slug was taken meanwhile
 */
export async function publishDraft(
  publisher: Publisher,
  courseId: number,
  revisionId: number,
): Promise<string | undefined> {
  const { sql } = publisher
  const draft = await findDraft(sql, courseId)
  if (draft?.revisionId !== revisionId) return undefined
  const { key, slug, listing } = draft
  if (await isTaken(sql, key, slug, courseId)) throw taken(slug)
  await giveToOthers(
    publisher,
    { id: courseId, teaching: draft.teaching, examples: draft.examples },
    await findIdentityById(sql, courseId),
  )
  const isDone = await sql.begin(async (tx) => {
    const { number, slug: slugBefore } = await lockCourse(tx, courseId)
    if ((await findDraft(tx, courseId))?.revisionId !== revisionId) return false
    await numberDraft(tx, courseId, number)
    await publishRevision(
      tx,
      { courseId, revisionId, key, slug, listing },
      number === 1 ? slug : slugBefore,
    )
    await tellOfCourses(tx, [courseId])
    return true
  })
  publisher.nudge()
  return isDone ? slug : undefined
}

/**
 * Throws a draft away.
 * @param revisionId the draft that is meant
 * @returns false when it is there no more
 */
export async function discardDraft(
  sql: Sql,
  courseId: number,
  revisionId: number,
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    await lockCourse(tx, courseId)
    if ((await findDraft(tx, courseId))?.revisionId !== revisionId) return false
    await throwAwayDraft(tx, courseId)
    return true
  })
}

/** Deletes a course's draft; of a course that was never published nothing is left. */
export async function throwAwayDraft(tx: Transaction, courseId: number): Promise<void> {
  await lockCourse(tx, courseId)
  await deleteDraft(tx, courseId)
  if (!(await hasRevisions(tx, courseId))) await deleteEmptyCourse(tx, courseId)
}
