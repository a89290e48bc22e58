import { changedHeader, readBody } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import { changedOf } from '../api/imports.ts'
import { deskPath } from '../contract.ts'
import { discardDraft, publishDraft } from '../publishing/draft.ts'
import { tellOfCourses } from '../publishing/publish.ts'
import type { DeskCourse } from '../queries/desk.ts'
import { showCourse as putBack, unpublishCourse } from '../queries/publish.ts'
import { showCourse } from './course-page.tsx'
import { failureOf } from './failure.tsx'
import { type AtCourse, isWithheld } from './who.ts'

/** The draft becomes the course's next revision, for everybody. */
export async function publish(at: AtCourse): Promise<Response> {
  const { visit, course, importer } = at
  if (isWithheld(at)) return await showCourse(at, { status: 403, text: visit.t.t('desk.withheld') })
  try {
    const slug = await publishDraft(importer.publisher, course.id, await draftIn(visit.request))
    if (slug === undefined) return await showCourse(at, gone(at))
    return visit.goTo(`${deskPath(slug)}?done=published`, changed(course))
  } catch (error) {
    const failure = failureOf(error, visit.t)
    if (!failure) throw error
    return await showCourse(at, failure)
  }
}

export async function discard(at: AtCourse): Promise<Response> {
  const { visit, course, db } = at
  if (!(await discardDraft(db.work, course.id, await draftIn(visit.request)))) {
    return await showCourse(at, gone(at))
  }
  const left = course.wasPublished ? deskPath(course.slug) : '/teach'
  return visit.goTo(`${left}?done=discarded`)
}

const gone = ({ visit }: AtCourse) => ({ status: 409, text: visit.t.t('desk.draft.gone') })

/** Takes a course off the site. Nothing of it is deleted. */
export async function hide({ visit, person, course, db, nudge }: AtCourse): Promise<Response> {
  await db.work.begin(async (tx) => {
    const byOwner = course.owner === person.id
    if (await unpublishCourse(tx, course.id, byOwner)) await tellOfCourses(tx, [course.id])
  })
  nudge()
  return visit.goTo(`${deskPath(course.slug)}?done=hidden`, changed(course))
}

/** Puts a course back as it was published last. */
export async function show(at: AtCourse): Promise<Response> {
  const { visit, course, db, nudge } = at
  if (isWithheld(at)) return await showCourse(at, { status: 403, text: visit.t.t('desk.withheld') })
  if (!course.wasPublished) return refused(visit, 404)
  await db.work.begin(async (tx) => {
    if (await putBack(tx, course.id)) await tellOfCourses(tx, [course.id])
  })
  nudge()
  return visit.goTo(`${deskPath(course.slug)}?done=shown`, changed(course))
}

const changed = ({ id }: DeskCourse) => new Headers(changedHeader(changedOf(id)))

/** The draft that was on the page the form came from. */
async function draftIn(request: Request): Promise<number> {
  const form = new URLSearchParams(new TextDecoder().decode(await readBody(request, 64 * 1024)))
  return Number(form.get('draft'))
}
