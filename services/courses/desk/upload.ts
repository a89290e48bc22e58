import type { Person } from '@colonnade/http'
import { refused, type Visit } from '@colonnade/personal'
import { storable } from '../api/internal.ts'
import { deskPath } from '../contract.ts'
import { findDeskCourse } from '../queries/desk.ts'
import { showCourse } from './course-page.tsx'
import { type Failure, failureOf } from './failure.tsx'
import { showList } from './list-page.tsx'
import { readSent } from './sent.ts'
import { type Desk, isAdministrator } from './who.ts'

/** Takes a folder or an archive, which becomes the draft of a course; says what is wrong with one that cannot. */
export async function upload(desk: Desk, visit: Visit, person: Person): Promise<Response> {
  const { t } = visit
  let slug: string | undefined
  const fail = async (failure: Failure) => {
    const course = slug === undefined ? undefined : await findDeskCourse(desk.db.hot, slug)
    return course
      ? await showCourse({ ...desk, visit, person, course, params: {} }, failure)
      : await showList(desk, visit, person, failure)
  }
  try {
    const sent = await readSent(visit.request)
    const given = sent.course === undefined ? undefined : storable(sent.course)
    const course = given === undefined ? undefined : await findDeskCourse(desk.db.hot, given)
    const ofAll = isAdministrator(person)
    if (sent.course !== undefined && !(course && (ofAll || course.owner === person.id))) {
      return refused(visit, 404)
    }
    slug = course?.slug
    if (!sent.zip) return await fail({ status: 422, text: t.t('desk.failed.nothing') })
    const drafted = await desk.importer.draft(sent.zip, {
      person: person.id,
      ofAll,
      replaces: course?.id,
    })
    return visit.goTo(`${deskPath(drafted.slug)}?done=${drafted.unchanged ? 'unchanged' : 'draft'}`)
  } catch (error) {
    const failure = failureOf(error, t)
    if (!failure) throw error
    return await fail(failure)
  }
}
