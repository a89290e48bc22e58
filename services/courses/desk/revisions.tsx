import { Section } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { deskPath } from '../contract.ts'
import css from '../elements/desk.module.css'
import type { RevisionLine } from '../queries/desk.ts'
import type { AtCourse } from './who.ts'

/** What was published and when, each with a link to what it changed. */
export function Revisions(props: {
  revisions: readonly RevisionLine[]
  at: AtCourse
}): ReactElement {
  const { revisions, at } = props
  const { t, local } = at.visit
  const desk = deskPath(at.course.slug)
  return (
    <Section
      id="revisions"
      title={t.t('desk.revisions')}
      margin={<p>{t.t('desk.revisions.hint')}</p>}
    >
      <ol className={css.list} reversed>
        {revisions.map(({ number, createdAt, isPublished }) => (
          <li key={number} className={css.item}>
            <span>
              {t.t('desk.revision', { number })}
              <span className="quiet small">
                {' '}
                {t.date(createdAt, { timeStyle: 'short' })}
                {isPublished ? ` · ${t.t('desk.revision.now')}` : ''}
              </span>
            </span>
            <span className={css.links}>
              {number > 1 ? (
                <a href={local(`${desk}/changes?from=${number - 1}&to=${number}`)}>
                  {t.t('desk.revision.changes')}
                  <span className="visually-hidden"> {t.t('desk.revision', { number })}</span>
                </a>
              ) : null}
              <a href={local(`${desk}/report?revision=${number}`)}>
                {t.t('desk.revision.report')}
                <span className="visually-hidden"> {t.t('desk.revision', { number })}</span>
              </a>
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
