import { type Person, Problem } from '@colonnade/http'
import type { Visit } from '@colonnade/personal'
import { nothingHere } from '../nothing-here.tsx'
import type { Pages } from '../open.ts'
import { findFile } from '../queries.ts'
import { inertHeaders } from './content-type.ts'

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** A file that was handed in, to its learner and to who teaches the course; to all others it is not there. */
export async function sendFile(
  { db, access }: Pages,
  visit: Visit,
  person: Person,
  id: string,
): Promise<Response> {
  const file = uuid.test(id) ? await findFile(db.work, id) : undefined
  const isOwn = file?.person === person.id
  if (!file || !(isOwn || (await teaches(access.teacher(visit.request, file.courseId))))) {
    return nothingHere(visit)
  }
  return new Response(new Uint8Array(file.bytes), { headers: inertHeaders(file.name, file.type) })
}

async function teaches(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}
