import { lessonPath } from '@colonnade/courses/contract'
import { Button, ButtonLink, localPath, type Translator } from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import css from '../elements/here.module.css'
import { itemPath, myCoursePath } from '../pages/paths.ts'
import { Keeping } from './keeping.tsx'
import { type Note, NoteMargin } from './notes.tsx'

/** A learner's own part of a course's page, or of one of its lessons'. */
export type HereData = {
  person: string
  enrolment: string
  course: { slug: string; title: string; language: string; direction: 'ltr' | 'rtl' }
  done: number
  of: number
  /** What is due within a week. */
  due: { item: string; title: string; at: Date } | undefined
  /** Where to go on in the course. */
  next: { slug: string; title: string } | undefined
  lesson: HereLesson | undefined
}

export type HereLesson = {
  key: string
  slug: string
  isDone: boolean
  /** Where they were in it. */
  anchor: string | undefined
  /** The lesson after it. */
  after: string | undefined
  /** Keys of the items of its quizzes, by the quiz's key. */
  items: Record<string, string>
  notes: readonly Note[]
}

type Props = { data: HereData; t: Translator }

export function Here({ data, t }: Props): ReactElement {
  const { person, enrolment, course, lesson } = data
  const local = (path: string) => localPath(t.lang, path)
  return (
    <div
      className={css.parts}
      data-person={person}
      data-enrolment={enrolment}
      data-lesson={lesson?.key}
      data-anchor={lesson?.anchor}
      data-items={lesson && JSON.stringify(lesson.items)}
      data-next={lesson?.after && local(lessonPath(course.slug, lesson.after))}
    >
      {lesson ? <LessonLine lesson={lesson} t={t} /> : <GoOn data={data} t={t} />}
      <p className={css.line}>
        <a href={local(myCoursePath(course.slug))}>
          {t.t('learn.progress', { done: data.done, of: data.of })}
        </a>{' '}
        <Due data={data} t={t} />
      </p>
      {lesson ? (
        <>
          <Keeping next={lessonPath(course.slug, lesson.slug)} t={t} />
          {createElement('note-margin', null, <NoteMargin notes={lesson.notes} t={t} />)}
        </>
      ) : null}
    </div>
  )
}

function LessonLine({ lesson, t }: { lesson: HereLesson; t: Translator }): ReactElement {
  return (
    <p className={css.line}>
      <span data-done-as="button" hidden={lesson.isDone}>
        <Button>{t.t('here.done')}</Button>
      </span>
      <strong data-done-as="word" hidden={!lesson.isDone}>
        {t.t('here.isDone')}
      </strong>{' '}
      {lesson.anchor ? <a href={`#${lesson.anchor}`}>{t.t('here.resume')}</a> : null}
    </p>
  )
}

function GoOn({ data, t }: Props): ReactElement | null {
  const { course, next } = data
  if (!next) return null
  return (
    <p className={css.line}>
      <ButtonLink href={localPath(t.lang, lessonPath(course.slug, next.slug))}>
        {/* One box in a button that lays out its parts: else the space between them is lost. */}
        <span>
          {t.t('here.continue')}{' '}
          <span lang={course.language} dir={course.direction}>
            {next.title}
          </span>
        </span>
      </ButtonLink>
    </p>
  )
}

function Due({ data, t }: Props): ReactElement | null {
  const { due, course } = data
  if (!due) return null
  return (
    <span>
      {t.t('here.due')}{' '}
      <a
        href={localPath(t.lang, itemPath(course.slug, due.item))}
        lang={course.language}
        dir={course.direction}
      >
        {due.title}
      </a>{' '}
      <time dateTime={due.at.toISOString()}>{t.date(due.at)}</time>
    </span>
  )
}
