import type { Person } from '@colonnade/http'
import { askToSignIn, type Handle, mountPersonal, type Visit } from '@colonnade/personal'
import type { Hono } from 'hono'
import { makeCalendar, sendCalendar } from './calendar/calendar.ts'
import { leaveCourse, markDone, moveOn, showCourse } from './course-page.tsx'
import { enrolByForm, showEnrol } from './enrol-page.tsx'
import { sendFile } from './files/send.ts'
import { showGrade } from './grade-page.tsx'
import { changeItem, showItem } from './item-page.tsx'
import { showMine } from './my-page.tsx'
import { nothingHere } from './nothing-here.tsx'
import type { Pages } from './open.ts'
import { enrolPath } from './paths.ts'
import { type Standing, standingAt } from './standing.ts'

/** Every page of learners, and who may do what there: docs/permissions.md has the table, and a test compares. */
export function mountPages(app: Hono, pages: Pages): void {
  const { frame, origin } = pages
  const mount = (path: string, handlers: { get: Handle; post?: Handle }) =>
    mountPersonal(app, path, { frame, origin, ...handlers })

  type Own = (visit: Visit, person: Person, params: Params) => Response | Promise<Response>
  const own =
    (handle: Own): Handle =>
    async (visit, params) => {
      const person = await pages.personOf(visit.request)
      return person ? await handle(visit, person, params) : askToSignIn(visit)
    }
  /** For who is enrolled in the course of the address; others may enrol. */
  const enrolled = (
    handle: (visit: Visit, standing: Standing, params: Params) => Response | Promise<Response>,
  ) =>
    own(async (visit, person, params) => {
      const standing = await standingAt(pages, person.id, params.slug ?? '')
      if (standing === 'elsewhere') return visit.goTo(enrolPath(params.slug ?? ''))
      return standing ? await handle(visit, standing, params) : nothingHere(visit)
    })
  const toCourse: Handle = (visit, { slug = '' }) => visit.goTo(`/my/courses/${slug}`)

  mount('/enrol/:slug', {
    get: (visit, { slug = '' }) => showEnrol(pages, visit, slug),
    post: own((visit, person, { slug = '' }) => enrolByForm(pages, visit, person, slug)),
  })
  mount('/my', { get: own((visit, person) => showMine(pages, visit, person)) })
  mount('/my/calendar', {
    get: (visit) => visit.goTo('/my#calendar'),
    post: own((visit, person) => makeCalendar(pages, visit, person)),
  })
  mount('/my/calendar/:file', {
    get: (visit, { file = '' }) => sendCalendar(pages, visit, file),
  })
  mount('/my/files/:id', {
    get: own((visit, person, { id = '' }) => sendFile(pages, visit, person, id)),
  })
  mount('/my/courses/:slug', {
    get: enrolled((visit, standing) => showCourse(pages, visit, standing)),
    post: enrolled((visit, standing) => markDone(pages, visit, standing)),
  })
  mount('/my/courses/:slug/leave', {
    get: toCourse,
    post: enrolled((visit, standing) => leaveCourse(pages, visit, standing)),
  })
  mount('/my/courses/:slug/revision', {
    get: toCourse,
    post: enrolled((visit, standing) => moveOn(pages, visit, standing)),
  })
  mount('/my/courses/:slug/grade', {
    get: enrolled((visit, standing) => showGrade(pages, visit, standing)),
  })
  mount('/my/courses/:slug/items/:item', {
    get: enrolled((visit, standing, { item = '' }) => showItem(pages, visit, standing, item)),
    post: enrolled((visit, standing, { item = '' }) => changeItem(pages, visit, standing, item)),
  })
}

type Params = Readonly<Record<string, string>>
