import type { Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import type { Teaching } from '@colonnade/instructors/contract'
import type { Identity } from '../queries/identity.ts'
import { lockCourse, publishRevision } from '../queries/publish.ts'
import {
  type Given,
  identityOf,
  type Prepared,
  type Published,
  type Publisher,
  prepare,
} from './prepare.ts'
import { writeRevision } from './revision.ts'

/**
 * Publishes what a course folder holds as the course's next revision. A course is known by the `id:` of its
 * `colonnade/course.yaml`, else by its slug. First what others keep of it goes to them (images, people, example
 * reviews), then all of ours in one transaction: when another service is away, nothing is published. A picture that
 * media refuses is left out and reported.
 * @throws Problem 404 for an unknown `replaces`, 409 for a slug that another course has
 */
export async function publish(publisher: Publisher, given: Given): Promise<Published> {
  const { sql } = publisher
  const known = await identityOf(sql, given)
  const prepared = await prepare(publisher, given, known)
  if ('published' in prepared) return prepared.published
  const { id, key, slug } = prepared
  await giveToOthers(publisher, prepared, known)
  const revision = await sql.begin(async (tx) => {
    const { number, slug: slugBefore } = await lockCourse(tx, id)
    const revisionId = await writeRevision(tx, prepared, number)
    await publishRevision(
      tx,
      { courseId: id, revisionId, key, slug, listing: prepared.rows.listing },
      number === 1 ? slug : slugBefore,
    )
    await tellOfCourses(tx, [id])
    return number
  })
  publisher.nudge()
  return { id, slug, revision, unchanged: false, created: !known?.published }
}

/** Gives other services what they keep of a course; takes from them what it declares no more. */
export async function giveToOthers(
  { instructors, reviews }: Pick<Publisher, 'instructors' | 'reviews'>,
  { id, teaching, examples }: Pick<Prepared, 'id' | 'teaching' | 'examples'>,
  known: Identity | undefined,
): Promise<void> {
  if (teaching ?? known?.declaresTeaching) {
    await instructors.putTeaching(id, teaching ?? nobody)
  }
  if (examples.length > 0 || known?.declaresExamples) await reviews.putExamples(id, examples)
}

export const nobody: Teaching = { people: [], organisations: [], testimonials: [] }

/** Tells that courses and the catalogue they stand in have changed. */
export async function tellOfCourses(tx: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  for (const id of ids) {
    await tell(tx, 'courses', {
      type: 'course.changed',
      subject: `course:${id}`,
      data: { courseId: id },
    })
  }
  await tell(tx, 'courses', { type: 'catalogue.changed', subject: 'catalogue:all' })
}
