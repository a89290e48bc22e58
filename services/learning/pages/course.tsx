import { lessonPath } from '@colonnade/courses/contract'
import { ownReviewPath } from '@colonnade/reviews/contract'
import { Button, ButtonLink, Notice, Section, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { certificatePath } from '../certificates/certificate.ts'
import { Crumbs, ownOf, type Shown } from './head.tsx'
import type { CourseData, CourseLesson, GradedItem } from './model.ts'
import css from './my.module.css'
import { Progress } from './my.tsx'
import { gradePath, itemPath, myCoursePath } from './paths.ts'
import { When } from './when.tsx'

/** A course as the one who learns it sees it: what is done, what is open, where to go on. */
export function CoursePage({ data, local, t }: Shown<CourseData>): ReactElement {
  const { course, modules, next, grade, completedAt, certificate } = data
  const lessons = modules.flatMap((module) => module.lessons)
  return (
    <>
      <Sheet
        above={<Crumbs course={course} local={local} t={t} />}
        title={<span {...ownOf(course)}>{course.title}</span>}
      >
        {completedAt ? (
          <Notice>
            {t.t('learn.completedOn', { date: t.date(completedAt) })}{' '}
            {certificate ? (
              <a href={local(certificatePath(certificate))}>{t.t('learn.certificate')}</a>
            ) : null}
          </Notice>
        ) : null}
        <Progress
          done={lessons.filter((lesson) => lesson.isDone).length}
          of={lessons.length}
          t={t}
        />
        <p className={css.actions}>
          {next ? (
            <ButtonLink look="main" href={local(next.href)}>
              <span>
                {t.t('learn.continueAt')} <span {...ownOf(course)}>{next.title}</span>
              </span>
            </ButtonLink>
          ) : null}
          {grade ? (
            <a href={local(gradePath(course.slug))}>
              {t.t('learn.grade.now', {
                share: percent(grade.share, t),
                threshold: grade.threshold ?? '',
              })}
            </a>
          ) : null}
          <a href={local(ownReviewPath(data.id))}>{t.t('reviews.own.link')}</a>
        </p>
        <Newer data={data} local={local} t={t} />
      </Sheet>
      {modules.map((module) => (
        <Section key={module.key} id={`module-${module.key}`} title={module.title}>
          <ol className={css.lessons}>
            {module.lessons.map((lesson) => (
              <li key={lesson.key} id={`lesson-${lesson.slug}`}>
                <Lesson lesson={lesson} data={data} local={local} t={t} />
              </li>
            ))}
          </ol>
        </Section>
      ))}
      <Section id="leave" title={t.t('learn.leave.title')}>
        <form
          className={css.stack}
          method="post"
          action={local(`${myCoursePath(course.slug)}/leave`)}
        >
          <p className={css.words}>{t.t('learn.leave.what')}</p>
          <Button type="submit">{t.t('learn.leave.do')}</Button>
        </form>
      </Section>
    </>
  )
}

/** A share from 0 to 1 in words. */
export const percent = (share: number, t: Translator): string =>
  t.number(share, { style: 'percent', maximumFractionDigits: 1 })

function Lesson(props: Shown<CourseData> & { lesson: CourseLesson }): ReactElement {
  const { lesson, data, local, t } = props
  const { course, zone } = data
  const state = lesson.isDone ? 'done' : lesson.isReached ? 'begun' : 'open'
  return (
    <>
      <p className={css.lesson} data-state={state}>
        <span className={css.mark} aria-hidden="true" />
        <a href={local(lessonPath(course.slug, lesson.slug))} {...ownOf(course)}>
          {lesson.title}
        </a>
        <span className="quiet small number">
          {state === 'open' ? '' : `${t.t(`learn.lesson.${state}`)} · `}
          {t.duration(lesson.minutes)}
        </span>
      </p>
      {lesson.isDone ? null : (
        <form className={css.done} method="post" action={local(myCoursePath(course.slug))}>
          <Button type="submit" look="quiet" name="done" value={lesson.key}>
            <span>
              {t.t('learn.lesson.mark')} <span className="visually-hidden">{lesson.title}</span>
            </span>
          </Button>
        </form>
      )}
      {lesson.items.length > 0 ? (
        <ul className={css.items}>
          {lesson.items.map((item) => (
            <li key={item.key} className={css.item}>
              <span>
                {t.t(`learn.kind.${item.kind}`)}:{' '}
                <a href={local(itemPath(course.slug, item.key))} {...ownOf(course)}>
                  {item.title}
                </a>
              </span>
              <span className="small">
                <StateOf item={item} zone={zone} t={t} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

function StateOf(props: { item: GradedItem; zone: string; t: Translator }): ReactElement {
  const { item, zone, t } = props
  const { state, share, due } = item
  const isOpen = state === 'open' || state === 'running'
  return (
    <>
      <strong>
        {state === 'graded' && share !== null
          ? percent(share, t)
          : t.t(`learn.item.state.${state}`)}
      </strong>
      {due && isOpen ? (
        <>
          {' '}
          · {t.t(due.extended ? 'learn.due.extended' : 'learn.due')}{' '}
          <When at={due.at} zone={zone} t={t} />
        </>
      ) : null}
    </>
  )
}

function Newer({ data, local, t }: Shown<CourseData>): ReactElement | null {
  const { course, newer } = data
  if (!newer) return null
  const { added, removed } = newer
  return (
    <form
      className={css.newer}
      method="post"
      action={local(`${myCoursePath(course.slug)}/revision`)}
    >
      <h2>{t.t('learn.revision.title')}</h2>
      <p className={css.words}>{t.t('learn.revision.what')}</p>
      <Changed label={t.t('learn.revision.added')} titles={added} own={ownOf(course)} />
      <Changed label={t.t('learn.revision.removed')} titles={removed} own={ownOf(course)} />
      <Button type="submit">{t.t('learn.revision.do')}</Button>
    </form>
  )
}

function Changed(props: {
  label: string
  titles: readonly string[]
  own: { lang: string; dir: 'ltr' | 'rtl' }
}): ReactElement | null {
  if (props.titles.length === 0) return null
  return (
    <>
      <p>{props.label}</p>
      <ul className={css.bullets} {...props.own}>
        {props.titles.map((title) => (
          <li key={title}>{title}</li>
        ))}
      </ul>
    </>
  )
}
