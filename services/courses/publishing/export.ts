import type { Sql } from '@colonnade/db'
import { writeZip } from '@colonnade/format'
import { findCourseDetail } from '../queries/course.ts'
import { findBlob, listFiles } from '../queries/files.ts'
import { listLessonTexts } from '../queries/lesson.ts'
import { composeFolder } from './folder.ts'

/** A published course as a zip of the folder it came from; of one made otherwise, a folder that says the same. */
export async function exportCourse(
  sql: Sql,
  id: number,
): Promise<{ slug: string; zip: Uint8Array<ArrayBuffer> } | undefined> {
  const course = await findCourseDetail(sql, id)
  if (!course) return undefined
  const files = new Map<string, Uint8Array>()
  for (const { path, sha256 } of await listFiles(sql, id)) {
    files.set(path, (await findBlob(sql, sha256)) ?? new Uint8Array())
  }
  const folder = files.size > 0 ? files : composeFolder(course, await listLessonTexts(sql, id))
  return { slug: course.slug, zip: new Uint8Array(await writeZip(folder)) }
}
