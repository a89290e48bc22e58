import { refused } from '@colonnade/personal'
import { Html } from '@colonnade/ui'
import { answerFile, pathOf } from '../api/files.ts'
import { storable } from '../api/internal.ts'
import { deskPath } from '../contract.ts'
import css from '../elements/desk.module.css'
import { renderAbout } from '../fragments/about.tsx'
import { renderBanner } from '../fragments/banner.tsx'
import { renderLesson } from '../fragments/lesson.tsx'
import { renderSyllabus } from '../fragments/syllabus.tsx'
import { findCourse, findCourseDetail } from '../queries/course.ts'
import { findDraftFile } from '../queries/files.ts'
import { findLesson, findSyllabus } from '../queries/lesson.ts'
import { DraftForms } from './draft-part.tsx'
import { asPreview, withGraded } from './preview-links.ts'
import type { AtCourse } from './who.ts'

/** The draft's course page, as courses would show it. */
export async function previewCourse(at: AtCourse): Promise<Response> {
  const { visit, course, db } = at
  const [listed, detail, syllabus] = await Promise.all([
    findCourse(db.work, course.id, 'draft'),
    findCourseDetail(db.work, course.id, 'draft'),
    findSyllabus(db.work, course.id, 'draft'),
  ])
  if (!listed || !detail || !syllabus) return refused(visit, 404)
  const parts = [
    renderBanner(listed, visit.t),
    renderAbout(detail, visit.t),
    renderSyllabus(syllabus, visit.t),
  ]
  return previewPage(at, listed, listed.title, parts.map(htmlOf).join(''))
}

export async function previewLesson(at: AtCourse): Promise<Response> {
  const { visit, course, db, params } = at
  const slug = storable(params.lesson ?? '')
  const lesson = slug ? await findLesson(db.work, course.id, slug, 'draft') : undefined
  if (!lesson) return refused(visit, 404)
  const html = withGraded(htmlOf(renderLesson(lesson, visit.t)), lesson)
  return previewPage(at, { slug: lesson.courseSlug }, lesson.title, html)
}

/** A file of the draft, for its teachers alone. */
export async function previewFile({ visit, course, db }: AtCourse): Promise<Response> {
  const path = pathOf(new URL(visit.request.url).pathname)
  const file = path ? await findDraftFile(db.work, course.id, path) : undefined
  if (!path || !file) return refused(visit, 404)
  return answerFile(db.work, visit.request, path, file, {
    'Cache-Control': 'no-store',
    'X-Robots-Tag': 'noindex',
  })
}

/** A page of the draft below the bar that says so. @param draft with the slug that its links have */
export function previewPage(
  at: AtCourse,
  draft: { slug: string },
  title: string,
  html: string,
): Response {
  const { t, local, page } = at.visit
  const desk = deskPath(at.course.slug)
  return page(
    <>
      <section className={`wrap ${css.bar}`} aria-label={t.t('desk.preview.bar')}>
        <p>
          <strong>{t.t('desk.draft')}</strong> {t.t('desk.preview.hint')}{' '}
          <a href={local(desk)}>{t.t('desk.preview.back')}</a>
        </p>
        <DraftForms at={at} />
      </section>
      <Html className={css.preview} html={asPreview(html, draft.slug, local(`${desk}/preview`))} />
    </>,
    `${t.t('desk.draft')}: ${title}`,
  )
}

export const htmlOf = (answer: object): string =>
  'html' in answer && typeof answer.html === 'string' ? answer.html : ''
