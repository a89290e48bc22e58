import type { Sql, Transaction } from '@colonnade/db'
import type { CourseSource } from '@colonnade/format'
import type { Teaching } from '@colonnade/instructors/contract'
import { deleteFiles } from './files.ts'
import type { Listing } from './publish.ts'

/** A draft beyond its revision, as it was written. */
export type Draft = {
  courseId: number
  revisionId: number
  key: string
  slug: string
  listing: Listing
  teaching: Teaching | null
  examples: CourseSource['reviews']
}

export async function insertDraft(tx: Transaction, draft: Draft): Promise<void> {
  await tx`
    insert into courses.draft (course_id, revision_id, key, slug, listing, teaching, examples)
    values (${draft.courseId}, ${draft.revisionId}, ${draft.key}, ${draft.slug},
      ${JSON.stringify(draft.listing)}::text::jsonb, ${draft.teaching && tx.json(draft.teaching)},
      ${JSON.stringify(draft.examples)}::text::jsonb)`
}

export async function findDraft(
  sql: Sql | Transaction,
  courseId: number,
): Promise<Draft | undefined> {
  const [row] = await sql<Draft[]>`
    select course_id as "courseId", revision_id as "revisionId", key, slug, listing, teaching, examples
    from courses.draft where course_id = ${courseId}`
  return row
}

/** Makes the draft a revision like others; what waited for that is not needed any more. */
export async function numberDraft(
  tx: Transaction,
  courseId: number,
  number: number,
): Promise<void> {
  await tx`delete from courses.draft where course_id = ${courseId}`
  await tx`
    update courses.revision set number = ${number}, created_at = now()
    where course_id = ${courseId} and number = 0`
}

/** Deletes a course's draft, if it has one. Parts keep their identity, and bytes stay where others have them too. */
export async function deleteDraft(tx: Transaction, courseId: number): Promise<void> {
  const rows = await tx<{ revisionId: number }[]>`
    delete from courses.draft where course_id = ${courseId} returning revision_id as "revisionId"`
  for (const { revisionId } of rows) {
    await tx`delete from courses.item_revision where revision_id = ${revisionId}`
    await tx`delete from courses.lesson_revision where revision_id = ${revisionId}`
    await tx`delete from courses.module_revision where revision_id = ${revisionId}`
    await deleteFiles(tx, revisionId)
    await tx`delete from courses.revision where id = ${revisionId}`
  }
}

/** Deletes a course that has no revision: its slug is free again. */
export async function deleteEmptyCourse(tx: Transaction, courseId: number): Promise<void> {
  await tx`delete from courses.course_owner where course_id = ${courseId}`
  await tx`delete from courses.item where course_id = ${courseId}`
  await tx`delete from courses.lesson where course_id = ${courseId}`
  await tx`delete from courses.module where course_id = ${courseId}`
  await tx`delete from courses.course where id = ${courseId}`
}
