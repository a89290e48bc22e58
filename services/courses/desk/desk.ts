import { publicOriginOf, readPeople, type ServiceContext } from '@colonnade/http'
import { type Handle, mountPersonal, onlyFor, refused } from '@colonnade/personal'
import type { Hono } from 'hono'
import { storable } from '../api/internal.ts'
import { deskPath } from '../contract.ts'
import type { Importer } from '../publishing/importer.ts'
import { findDeskCourse } from '../queries/desk.ts'
import { discard, hide, publish, show } from './actions.ts'
import { showChanges } from './changes-page.tsx'
import { showCourse } from './course-page.tsx'
import { showList } from './list-page.tsx'
import { uploadPath } from './paths.ts'
import { previewCourse, previewFile, previewLesson } from './preview.tsx'
import { markQuiz, previewQuiz } from './preview-quiz.ts'
import { showReport } from './report-page.tsx'
import { upload } from './upload.ts'
import { type AtCourse, type Desk, isAdministrator } from './who.ts'

/** The pages of the teachers of courses. docs/permissions.md says who may do what, and a test compares. */
export function mountDesk(app: Hono, context: ServiceContext, importer: Importer): void {
  const people = readPeople(context.peer('accounts'))
  const desk: Desk = { db: context.db, importer, nudge: context.nudge }
  const common = {
    frame: { name: 'teach', assets: context.assets },
    origin: publicOriginOf(context.env),
  }
  const mount = (path: string, get: Handle, post?: Handle) =>
    mountPersonal(app, path, { ...common, get, ...(post ? { post } : {}) })
  const teachers = (handle: Parameters<typeof onlyFor>[2]) =>
    onlyFor(people, ['instructor', 'administrator'], handle)
  /** Another's course is not there, published or not. */
  const owners = (handle: (at: AtCourse) => Response | Promise<Response>) =>
    teachers(async (visit, person, params) => {
      const slug = storable(params.slug ?? '')
      const course = slug === undefined ? undefined : await findDeskCourse(desk.db.hot, slug)
      const may = course && (isAdministrator(person) || course.owner === person.id)
      return may ? await handle({ ...desk, visit, person, course, params }) : refused(visit, 404)
    })
  const toDesk = owners(({ visit, course }) => visit.goTo(deskPath(course.slug)))

  mount(
    '/teach',
    teachers((visit, person) => showList(desk, visit, person)),
  )
  mount(
    uploadPath,
    teachers((visit) => visit.goTo('/teach')),
    teachers((visit, person) => upload(desk, visit, person)),
  )
  mount(
    '/teach/:slug',
    owners((at) => showCourse(at)),
  )
  mount('/teach/:slug/report', owners(showReport))
  mount('/teach/:slug/changes', owners(showChanges))
  mount('/teach/:slug/preview', owners(previewCourse))
  mount('/teach/:slug/preview/lessons/:lesson', owners(previewLesson))
  mount('/teach/:slug/preview/lessons/:lesson/quizzes/:quiz', owners(previewQuiz), owners(markQuiz))
  mount('/teach/:slug/preview/files/*', owners(previewFile))
  mount('/teach/:slug/publish', toDesk, owners(publish))
  mount('/teach/:slug/discard', toDesk, owners(discard))
  mount('/teach/:slug/hide', toDesk, owners(hide))
  mount('/teach/:slug/show', toDesk, owners(show))
}
