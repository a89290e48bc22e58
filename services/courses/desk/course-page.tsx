import { DeskNav } from '@colonnade/personal'
import { Breadcrumb, Form, type MessageId, Notice, Section, Sheet } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { coursePath, deskPath } from '../contract.ts'
import { listRevisions } from '../queries/desk.ts'
import { DraftPart } from './draft-part.tsx'
import { type Failure, FailureNotice } from './failure.tsx'
import { Revisions } from './revisions.tsx'
import { StateOf } from './state.tsx'
import { UploadForms } from './upload-forms.tsx'
import { type AtCourse, isWithheld } from './who.ts'

const revisionsShown = 100

const done: Readonly<Record<string, MessageId>> = {
  draft: 'desk.done.draft',
  unchanged: 'desk.done.unchanged',
  published: 'desk.done.published',
  discarded: 'desk.done.discarded',
  hidden: 'desk.done.hidden',
  shown: 'desk.done.shown',
}

/** A course's desk: where it stands, its draft, a new version, its revisions, and whether it is on the site. */
export async function showCourse(at: AtCourse, failure?: Failure): Promise<Response> {
  const { visit, course, db } = at
  const { t, local, page, query } = visit
  const note = done[query.get('done') ?? '']
  const revisions = await listRevisions(db.work, course.id, revisionsShown)
  return page(
    <>
      <Sheet
        title={
          <span lang={course.language} dir={course.direction}>
            {course.title}
          </span>
        }
        above={
          <Breadcrumb
            t={t}
            crumbs={[{ label: t.t('desk.title'), href: local('/teach') }, { label: course.title }]}
          />
        }
      >
        <DeskNav
          visit={visit}
          desk={deskPath(course.slug)}
          current=""
          isPublic={course.isPublished}
        />
        {failure ? <FailureNotice failure={failure} t={t} /> : null}
        {note && !failure ? <Notice>{t.t(note)}</Notice> : null}
        <p className="lead">
          <StateOf course={course} t={t} />
        </p>
        {course.isPublished ? (
          <p>
            <a href={local(coursePath(course.slug))}>{t.t('desk.toPage')}</a>
          </p>
        ) : null}
      </Sheet>
      <DraftPart at={at} />
      <UploadForms visit={visit} title={t.t('desk.upload.version')} course={course.slug} />
      {revisions.length > 0 ? <Revisions revisions={revisions} at={at} /> : null}
      <OnTheSite at={at} />
    </>,
    course.title,
    failure ? { status: failure.status } : {},
  )
}

function OnTheSite({ at }: { at: AtCourse }): ReactElement | null {
  const { visit, course } = at
  const { t, local } = visit
  if (!course.wasPublished) return null
  const to = (what: string) => local(`${deskPath(course.slug)}/${what}`)
  return (
    <Section id="site" title={t.t('desk.site')}>
      {course.isPublished ? (
        <Form action={to('hide')} submit={t.t('desk.hide')} look="plain">
          <p>{t.t('desk.hide.hint')}</p>
        </Form>
      ) : isWithheld(at) ? (
        <p>{t.t('desk.withheld')}</p>
      ) : (
        <Form action={to('show')} submit={t.t('desk.show')} look="plain">
          <p>{t.t('desk.show.hint')}</p>
        </Form>
      )}
    </Section>
  )
}
