import type { Person } from '@colonnade/http'
import type { Visit } from '@colonnade/personal'
import { Empty, Notice, Pager, Sheet } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { deskPath } from '../contract.ts'
import css from '../elements/desk.module.css'
import { type DeskCourse, listAllCourses, listOwnCourses } from '../queries/desk.ts'
import { type Failure, FailureNotice } from './failure.tsx'
import { StateOf } from './state.tsx'
import { UploadForms } from './upload-forms.tsx'
import { type Desk, isAdministrator } from './who.ts'

const shownAtOnce = 50

/** A teacher's courses, an administrator's are everybody's; and where a new one begins. */
export async function showList(
  { db }: Desk,
  visit: Visit,
  person: Person,
  failure?: Failure,
): Promise<Response> {
  const { t, local, page, query } = visit
  const title = t.t('desk.title')
  const before = Number(query.get('before') ?? Number.MAX_SAFE_INTEGER)
  const from = Number.isSafeInteger(before) ? before : Number.MAX_SAFE_INTEGER
  const found = isAdministrator(person)
    ? await listAllCourses(db.hot, from, shownAtOnce + 1)
    : await listOwnCourses(db.hot, person.id, from, shownAtOnce + 1)
  const shown = found.slice(0, shownAtOnce)
  const last = shown.at(-1)
  return page(
    <>
      <Sheet title={title}>
        {failure ? <FailureNotice failure={failure} t={t} /> : null}
        {query.get('done') === 'discarded' ? <Notice>{t.t('desk.done.discarded')}</Notice> : null}
        {shown.length === 0 ? (
          <Empty title={t.t('desk.empty')} hint={t.t('desk.empty.hint')} />
        ) : (
          <ul className={css.list}>
            {shown.map((course) => (
              <li key={course.id} className={css.item}>
                <CourseLine course={course} visit={visit} />
              </li>
            ))}
          </ul>
        )}
        <Pager
          t={t}
          next={found.length > shown.length && last ? local(`/teach?before=${last.id}`) : null}
          first={query.has('before') ? local('/teach') : null}
        />
      </Sheet>
      <UploadForms visit={visit} title={t.t('desk.upload.new')} />
    </>,
    title,
    failure ? { status: failure.status } : {},
  )
}

function CourseLine({ course, visit }: { course: DeskCourse; visit: Visit }): ReactElement {
  return (
    <>
      <a
        className={css.name}
        href={visit.local(deskPath(course.slug))}
        lang={course.language}
        dir={course.direction}
      >
        {course.title}
      </a>
      <span className="quiet small">
        <StateOf course={course} t={visit.t} />
      </span>
    </>
  )
}
