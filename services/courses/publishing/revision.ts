import { createHash } from 'node:crypto'
import type { Transaction } from '@colonnade/db'
import { insertBlob, insertFiles, listKnownBlobs } from '../queries/files.ts'
import { identify, insertItems, insertLessons, insertModules } from '../queries/parts.ts'
import { insertRevision } from '../queries/publish.ts'
import type { Files, Prepared } from './prepare.ts'

/** Writes a revision, which nobody sees before it is published. @returns its id */
export async function writeRevision(
  tx: Transaction,
  { id, hash, rows, files, report, teaching, examples }: Prepared,
  number: number,
): Promise<number> {
  const revisionId = await insertRevision(tx, {
    ...rows.course,
    courseId: id,
    number,
    hash,
    report,
    declaresTeaching: teaching !== null,
    declaresExamples: examples.length > 0,
  })
  const place = { courseId: id, revisionId }
  const keysOf = (parts: readonly { key: string }[]) => parts.map((part) => part.key)
  await identify(tx, 'module', id, keysOf(rows.modules))
  await identify(tx, 'lesson', id, keysOf(rows.lessons))
  await identify(tx, 'item', id, keysOf(rows.items))
  await insertModules(tx, place, rows.modules)
  await insertLessons(tx, place, rows.lessons)
  await insertItems(tx, place, rows.items)
  await writeFiles(tx, revisionId, files)
  return revisionId
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
