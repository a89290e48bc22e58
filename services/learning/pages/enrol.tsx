import { coursePath } from '@colonnade/courses/contract'
import {
  Button,
  ButtonLink,
  type Fact,
  Facts,
  Notice,
  Sheet,
  TextField,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import { ownOf, type Shown } from './head.tsx'
import type { EnrolData } from './model.ts'
import css from './my.module.css'
import { enrolPath, myCoursePath } from './paths.ts'
import { When } from './when.tsx'

/** What enrolling means, who may, and the one button that does it. */
export function EnrolPage({ data, local, t }: Shown<EnrolData>): ReactElement {
  const { course } = data
  return (
    <Sheet title={<span {...ownOf(course)}>{course.title}</span>}>
      {course.subtitle ? (
        <p className="lead" {...ownOf(course)}>
          {course.subtitle}
        </p>
      ) : null}
      <p className={css.words}>{t.t('learn.enrol.what')}</p>
      <Facts facts={factsOf(data, t)} />
      <Way data={data} local={local} t={t} />
      <p>
        <a href={local(coursePath(course.slug))}>{t.t('learn.enrol.course')}</a>
      </p>
    </Sheet>
  )
}

function factsOf({ course, startsAt, endsAt, seatsLeft, zone, state }: EnrolData, t: Translator) {
  const facts: Fact[] = [
    {
      label: t.t('learn.enrol.contents'),
      value: t.t('syllabus.counts', {
        modules: course.modules,
        lessons: course.lessons,
        time: t.duration(course.minutes),
      }),
    },
    { label: t.t('learn.enrol.who'), value: t.t(`learn.enrol.who.${whoOf(state)}`) },
    {
      label: t.t('learn.enrol.from'),
      value: startsAt ? <When at={startsAt} zone={zone} t={t} /> : null,
    },
    {
      label: t.t('learn.enrol.until'),
      value: endsAt ? <When at={endsAt} zone={zone} t={t} /> : null,
    },
    {
      label: t.t('learn.enrol.seats'),
      value: seatsLeft === null ? null : t.number(seatsLeft),
    },
  ]
  return facts
}

const whoOf = (state: EnrolData['state']) =>
  state === 'code' ? 'code' : state === 'closed' ? 'closed' : 'open'

function Way({ data, local, t }: Shown<EnrolData>): ReactElement {
  const { course, state, isSignedIn, wrong, zone, startsAt, endsAt } = data
  const path = enrolPath(course.slug)
  if (state === 'enrolled') {
    return (
      <>
        <Notice>{t.t('learn.enrol.already')}</Notice>
        <ButtonLink look="main" href={local(myCoursePath(course.slug))}>
          {t.t('learn.enrol.go')}
        </ButtonLink>
      </>
    )
  }
  if (state !== 'open' && state !== 'code') {
    const at = state === 'early' ? startsAt : state === 'ended' ? endsAt : null
    return (
      <Notice>
        {t.t(`learn.enrol.no.${state}`)} {at ? <When at={at} zone={zone} t={t} /> : null}
      </Notice>
    )
  }
  if (!isSignedIn) {
    const next = `?next=${encodeURIComponent(local(path))}`
    return (
      <>
        <p>{t.t('learn.enrol.account')}</p>
        <p className={css.actions}>
          <ButtonLink look="main" href={local(`/sign-up${next}`)}>
            {t.t('account.signUp')}
          </ButtonLink>
          <ButtonLink href={local(`/sign-in${next}`)}>{t.t('account.signIn')}</ButtonLink>
        </p>
      </>
    )
  }
  return (
    <form className={css.form} method="post" action={local(path)}>
      {state === 'code' ? (
        <TextField
          id="code"
          name="code"
          label={t.t('learn.enrol.code')}
          hint={t.t('learn.enrol.code.hint')}
          maxLength={100}
          autoComplete="off"
          error={wrong ? t.t('learn.enrol.code.wrong') : undefined}
        />
      ) : null}
      <Button type="submit" look="main">
        {t.t('learn.enrol.do')}
      </Button>
    </form>
  )
}
