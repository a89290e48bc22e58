import { DeskNav, refused } from '@colonnade/personal'
import {
  Breadcrumb,
  Button,
  ChoiceField,
  Empty,
  type MessageId,
  Section,
  Sheet,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import { deskPath } from '../contract.ts'
import css from '../elements/desk.module.css'
import { listRevisions, type RevisionLine } from '../queries/desk.ts'
import { findOutline, type OutlinePart } from '../queries/outline.ts'
import { type Change, type Changes, changesBetween, isNothing } from './changes.ts'
import { revisionIn } from './report-page.tsx'
import type { AtCourse } from './who.ts'

const kinds = {
  modules: 'desk.changes.modules',
  lessons: 'desk.changes.lessons',
  items: 'desk.changes.items',
} as const satisfies Record<keyof Changes, MessageId>

/** What is different between two revisions of a course; asked for none, between what is published and what comes. */
export async function showChanges(at: AtCourse): Promise<Response> {
  const { visit, course, db } = at
  const { t, local, page, query } = visit
  const title = t.t('desk.changes')
  const desk = deskPath(course.slug)
  const revisions = await listRevisions(db.work, course.id, 100)
  const newest = revisions[0]?.number
  const hasDraft = course.draft !== null
  const to = revisionIn(query, 'to') ?? (hasDraft ? 0 : newest)
  const from = revisionIn(query, 'from') ?? (hasDraft ? newest : newest && newest - 1)
  const before = from ? await findOutline(db.work, course.id, from) : undefined
  const after = to === undefined ? undefined : await findOutline(db.work, course.id, to)
  if (query.has('from') && !(before && after)) return refused(visit, 404)
  const changes = before && after ? changesBetween(before, after) : undefined
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
        <DeskNav visit={visit} desk={desk} current="/changes" isPublic={course.isPublished} />
        {changes && from !== undefined && to !== undefined ? (
          <Choose at={at} revisions={revisions} from={from} to={to} />
        ) : (
          <Empty title={t.t('desk.changes.first')} />
        )}
        {changes && isNothing(changes) ? <Empty title={t.t('desk.changes.none')} /> : null}
      </Sheet>
      {changes ? (
        <>
          <ChangesOf kind="modules" change={changes.modules} t={t} />
          <ChangesOf kind="lessons" change={changes.lessons} t={t} />
          <ChangesOf kind="items" change={changes.items} t={t} />
        </>
      ) : null}
    </>,
    `${title} · ${course.title}`,
  )
}

function Choose(props: {
  at: AtCourse
  revisions: readonly RevisionLine[]
  from: number
  to: number
}): ReactElement {
  const { at, revisions, from, to } = props
  const { t, local } = at.visit
  const choices = revisions.map(({ number }) => ({
    value: String(number),
    label: t.t('desk.revision', { number }),
  }))
  const draft = at.course.draft === null ? [] : [{ value: '0', label: t.t('desk.draft') }]
  return (
    <form className={css.choose} action={local(`${deskPath(at.course.slug)}/changes`)}>
      <ChoiceField
        id="from"
        name="from"
        label={t.t('desk.changes.from')}
        value={String(from)}
        choices={choices}
      />
      <ChoiceField
        id="to"
        name="to"
        label={t.t('desk.changes.to')}
        value={String(to)}
        choices={[...draft, ...choices]}
      />
      <Button type="submit">{t.t('desk.changes.compare')}</Button>
    </form>
  )
}

function ChangesOf(props: {
  kind: keyof Changes
  change: Change
  t: Translator
}): ReactElement | null {
  const { kind, change, t } = props
  const name = ({ title, graded }: OutlinePart) =>
    graded ? `${title} (${t.t('desk.changes.graded')})` : title
  const lists: [MessageId, string[]][] = [
    ['desk.changes.added', change.added.map(name)],
    ['desk.changes.retired', change.retired.map(name)],
    ['desk.changes.renamed', change.renamed.map((one) => `${one.from.title} → ${name(one.to)}`)],
    ['desk.changes.changed', change.changed.map(name)],
  ]
  const shown = lists.filter(([, titles]) => titles.length > 0)
  if (shown.length === 0) return null
  return (
    <Section id={kind} title={t.t(kinds[kind])}>
      <div className={css.files}>
        {shown.map(([label, titles]) => (
          <div key={label}>
            <h3>{t.t(label)}</h3>
            <ul className={css.lines}>
              {titles.map((title, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two parts may have one title
                <li key={at} className={css.line}>
                  {title}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Section>
  )
}
