import { Button, ButtonLink, Empty, Section, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { certificatePath } from '../certificates/certificate.ts'
import { ownOf, type Shown } from './head.tsx'
import type { MyCourse, MyData } from './model.ts'
import css from './my.module.css'
import { gradePath, myCoursePath } from './paths.ts'
import { When } from './when.tsx'

/** My courses: where I was, what is due, what is done. */
export function MyPage({ data, local, t }: Shown<MyData>): ReactElement {
  const going = data.courses.filter((course) => !course.completedAt)
  const completed = data.courses.filter((course) => course.completedAt)
  return (
    <>
      <Sheet title={t.t('learn.my.title')}>
        {data.courses.length === 0 ? (
          <Empty title={t.t('learn.my.none')} hint={t.t('learn.my.none.hint')}>
            <ButtonLink look="main" href={local('/courses')}>
              {t.t('catalogue.all')}
            </ButtonLink>
          </Empty>
        ) : null}
        {going.length > 0 ? (
          <ul className={css.courses}>
            {going.map((course) => (
              <li key={course.slug} className={css.course}>
                <Going course={course} zone={data.zone} local={local} t={t} />
              </li>
            ))}
          </ul>
        ) : null}
      </Sheet>
      {completed.length > 0 ? (
        <Section id="completed" title={t.t('learn.my.completed')}>
          <ul className={css.courses}>
            {completed.map((course) => (
              <li key={course.slug} className={css.course}>
                <Completed course={course} local={local} t={t} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {data.courses.length > 0 ? <Calendar data={data} local={local} t={t} /> : null}
    </>
  )
}

type One = { course: MyCourse; local(path: string): string; t: Translator }

function Name({ course, local, level }: One & { level: 2 | 3 }): ReactElement {
  const Title = `h${level}` as const
  return (
    <Title className={css.name}>
      <a href={local(myCoursePath(course.slug))} {...ownOf(course)}>
        {course.title}
      </a>
    </Title>
  )
}

function Going(props: One & { zone: string }): ReactElement {
  const { course, zone, local, t } = props
  const { due, next } = course
  return (
    <>
      <Name course={course} local={local} t={t} level={2} />
      <Progress done={course.done} of={course.lessons} t={t} />
      {due ? (
        <p>
          {t.t('learn.my.due')}{' '}
          <a href={local(due.href)} {...ownOf(course)}>
            {due.title}
          </a>
          , <When at={due.at} zone={zone} t={t} />
        </p>
      ) : null}
      {next ? (
        <p>
          <ButtonLink href={local(next.href)}>
            <span>
              {t.t('learn.continueAt')} <span {...ownOf(course)}>{next.title}</span>
            </span>
          </ButtonLink>
        </p>
      ) : null}
    </>
  )
}

function Completed({ course, local, t }: One): ReactElement {
  return (
    <>
      <Name course={course} local={local} t={t} level={3} />
      <p className={css.actions}>
        {course.completedAt ? (
          <span>{t.t('learn.completedOn', { date: t.date(course.completedAt) })}</span>
        ) : null}
        {course.certificate ? (
          <a href={local(certificatePath(course.certificate))}>{t.t('learn.certificate')}</a>
        ) : null}
        <a href={local(gradePath(course.slug))}>{t.t('learn.grade.title')}</a>
      </p>
    </>
  )
}

/** How many of a course's lessons are done, as words and as a bar. */
export function Progress(props: { done: number; of: number; t: Translator }): ReactElement {
  const { done, of, t } = props
  const label = t.t('learn.progress', { done, of })
  return (
    <p className={css.progress}>
      <progress value={done} max={Math.max(1, of)} aria-label={label} />
      <span className="quiet small">{label}</span>
    </p>
  )
}

function Calendar({ data, local, t }: Shown<MyData>): ReactElement {
  const { calendar } = data
  return (
    <Section id="calendar" title={t.t('learn.calendar.title')}>
      <div className={css.stack}>
        <p className={css.words}>{t.t('learn.calendar.what')}</p>
        {calendar ? (
          <p className={css.address}>
            <a href={calendar}>{calendar}</a>
          </p>
        ) : null}
        {calendar ? <p className={css.words}>{t.t('learn.calendar.renew.why')}</p> : null}
        <form method="post" action={local('/my/calendar')}>
          <Button type="submit">
            {t.t(calendar ? 'learn.calendar.renew' : 'learn.calendar.make')}
          </Button>
        </form>
      </div>
    </Section>
  )
}
