import { DeskNav, refused } from '@colonnade/personal'
import { Breadcrumb, Empty, type MessageId, Section, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { z } from 'zod'
import { reportLine } from '../api/courses.ts'
import { deskPath } from '../contract.ts'
import css from '../elements/desk.module.css'
import { findRevisionReport, listRevisions } from '../queries/desk.ts'
import type { AtCourse } from './who.ts'

type Line = z.infer<typeof reportLine>

/** The worst comes first. */
const outcomes = ['dropped', 'approximated', 'exact'] as const

const titles = {
  dropped: 'desk.report.dropped',
  approximated: 'desk.report.approximated',
  exact: 'desk.report.exact',
} as const satisfies Record<Line['outcome'], MessageId>
const hints = {
  dropped: 'desk.report.dropped.hint',
  approximated: 'desk.report.approximated.hint',
  exact: 'desk.report.exact.hint',
} as const satisfies Record<Line['outcome'], MessageId>

/** The number of a revision in a query; 0 is the draft. */
export function revisionIn(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name)
  return given !== null && /^\d{1,9}$/.test(given) ? Number(given) : undefined
}

/** What became of every part of the files: of the draft, or of a revision. All of it is on the page, for the browser's search. */
export async function showReport({ visit, course, db }: AtCourse): Promise<Response> {
  const { t, local, page, query } = visit
  const [newest] = await listRevisions(db.work, course.id, 1)
  const number =
    revisionIn(query, 'revision') ?? (course.draft === null ? (newest?.number ?? 0) : 0)
  const found = await findRevisionReport(db.work, course.id, number)
  if (!found) return refused(visit, 404)
  const lines = z.array(reportLine).parse(found.report)
  const title = t.t('desk.report')
  const desk = deskPath(course.slug)
  return page(
    <>
      <Sheet
        title={title}
        above={
          <Breadcrumb
            t={t}
            crumbs={[
              { label: t.t('desk.title'), href: local('/teach') },
              { label: course.title, href: local(desk) },
              { label: title },
            ]}
          />
        }
      >
        <DeskNav visit={visit} desk={desk} current="/report" isPublic={course.isPublished} />
        <p className="lead">
          {number === 0 ? t.t('desk.draft') : t.t('desk.revision', { number })}
        </p>
        <ul className={css.links}>
          {outcomes.map((outcome) => (
            <li key={outcome}>
              <a href={`#${outcome}`}>{t.t(titles[outcome])}</a>{' '}
              <span className="number">{t.number(countOf(lines, outcome))}</span>
            </li>
          ))}
        </ul>
      </Sheet>
      {outcomes.map((outcome) => (
        <Section
          key={outcome}
          id={outcome}
          title={t.t(titles[outcome])}
          margin={
            <p>
              {t.t('desk.report.count', { count: countOf(lines, outcome) })} {t.t(hints[outcome])}
            </p>
          }
        >
          <Lines lines={lines.filter((line) => line.outcome === outcome)} t={t} />
        </Section>
      ))}
    </>,
    `${title} · ${course.title}`,
  )
}

const countOf = (lines: readonly Line[], outcome: Line['outcome']) =>
  lines.reduce((sum, line) => sum + (line.outcome === outcome ? line.count : 0), 0)

/** By file; the reader's words are English. */
function Lines({ lines, t }: { lines: readonly Line[]; t: Translator }): ReactElement {
  if (lines.length === 0) return <Empty title={t.t('desk.report.none')} />
  const files = [...new Set(lines.map(({ file }) => file))]
  return (
    <ul className={css.files}>
      {files.map((file) => (
        <li key={file}>
          <h3 className={css.file}>
            <code>{file}</code>
          </h3>
          <ul className={css.lines}>
            {lines
              .filter((line) => line.file === file)
              .map(({ line, element, why, count }) => (
                <li key={`${line} ${element} ${why}`} className={css.line}>
                  <code>
                    {file}:{line}
                  </code>
                  <span lang="en">
                    {element}
                    {count > 1 ? <span className="number"> × {t.number(count)}</span> : null}
                    {why ? `: ${why}` : ''}
                  </span>
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}
