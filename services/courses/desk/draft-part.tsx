import { Disclosure, Form, Section } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { deskPath } from '../contract.ts'
import css from '../elements/desk.module.css'
import { type AtCourse, isWithheld } from './who.ts'

/** The draft of a course: what to look at before it is published, and the two ways it can go. */
export function DraftPart({ at }: { at: AtCourse }): ReactElement | null {
  const { visit, course } = at
  const { t, local } = visit
  if (course.draft === null || !course.draftAt) return null
  const desk = deskPath(course.slug)
  const since = t.t('desk.draft.since', { date: t.date(course.draftAt, { timeStyle: 'short' }) })
  return (
    <Section id="draft" title={t.t('desk.draft')} margin={<p>{since}</p>}>
      <div className={css.draft}>
        <p>{t.t('desk.draft.hint')}</p>
        <ul className={css.links}>
          <li>
            <a href={local(`${desk}/preview`)}>{t.t('desk.draft.preview')}</a>
          </li>
          <li>
            <a href={local(`${desk}/report`)}>{t.t('desk.draft.report')}</a>
          </li>
          {course.wasPublished ? (
            <li>
              <a href={local(`${desk}/changes`)}>{t.t('desk.draft.changes')}</a>
            </li>
          ) : null}
        </ul>
        <DraftForms at={at} />
      </div>
    </Section>
  )
}

/** Publish, or discard after a second thought. */
export function DraftForms({ at }: { at: AtCourse }): ReactElement {
  const { visit, course } = at
  const { t, local } = visit
  const to = (what: string) => local(`${deskPath(course.slug)}/${what}`)
  const draft = <input type="hidden" name="draft" value={course.draft ?? ''} />
  return (
    <div className={css.draftForms}>
      {isWithheld(at) ? (
        <p>{t.t('desk.withheld')}</p>
      ) : (
        <Form action={to('publish')} submit={t.t('desk.publish')}>
          {draft}
        </Form>
      )}
      <Disclosure title={t.t('desk.discard')}>
        <Form action={to('discard')} submit={t.t('desk.discard.yes')} look="plain">
          {draft}
          <p>{t.t(course.wasPublished ? 'desk.discard.hint' : 'desk.discard.all')}</p>
        </Form>
      </Disclosure>
    </div>
  )
}
