import { coursePath } from '@colonnade/courses/contract'
import { Button, ButtonLink, Notice, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { ownReviewPath } from '../contract.ts'
import css from '../elements/own-review.module.css'
import type { OwnReview } from '../queries/own.ts'

export type OwnReviewData = {
  course: { id: number; slug: string; title: string; language: string }
  /** Whether the visitor is enrolled: others have no opinion to give yet. */
  learns: boolean
  review: OwnReview | undefined
  /** What came with a form that could not be taken. */
  sent?: { stars: string | null; text: string; wrong: 'stars' | 'text' }
}

type Props = { data: OwnReviewData; local(path: string): string; t: Translator }

/** What somebody says about a course they learn in: to be written, changed and taken back. */
export function OwnReviewPage({ data, local, t }: Props): ReactElement {
  const { course, learns, review } = data
  const home = local(coursePath(course.slug))
  return (
    <Sheet title={t.t('reviews.own.title')}>
      <p className="lead" lang={course.language} dir="auto">
        {course.title}
      </p>
      {learns || review ? (
        <ReviewForm data={data} local={local} t={t} />
      ) : (
        <>
          <p>{t.t('reviews.own.learnFirst')}</p>
          <ButtonLink look="main" href={local(`/enrol/${encodeURIComponent(course.slug)}`)}>
            {t.t('learn.enrol.do')}
          </ButtonLink>
        </>
      )}
      <p>
        <a href={`${home}#reviews`}>{t.t('lesson.courseHome')}</a>
      </p>
    </Sheet>
  )
}

function ReviewForm({ data, local, t }: Props): ReactElement {
  const { course, review, sent } = data
  const chosen = sent ? sent.stars : review ? String(review.stars) : null
  return (
    <form className={css.form} method="post" action={local(ownReviewPath(course.id))}>
      {sent ? <Notice kind="error">{t.t(`reviews.own.wrong.${sent.wrong}`)}</Notice> : null}
      <fieldset className={css.stars}>
        <legend>{t.t('reviews.own.stars')}</legend>
        {[1, 2, 3, 4, 5].map((stars) => (
          <label key={stars} className={css.choice}>
            <input
              type="radio"
              name="stars"
              value={stars}
              required={true}
              defaultChecked={chosen === String(stars)}
            />
            <span>{t.t('reviews.stars', { stars })}</span>
          </label>
        ))}
      </fieldset>
      <label className={css.label} htmlFor="review-text">
        {t.t('reviews.own.text')}
      </label>
      <textarea
        className={css.text}
        id="review-text"
        name="text"
        rows={8}
        maxLength={10_000}
        defaultValue={sent?.text ?? review?.text ?? ''}
        aria-describedby="review-shown"
      />
      <p id="review-shown" className="quiet small">
        {t.t('reviews.own.shown')}
      </p>
      <p className={css.actions}>
        <Button type="submit" look="main">
          {t.t(review ? 'reviews.own.change' : 'reviews.own.publish')}
        </Button>
        {review ? (
          <Button type="submit" name="remove" value="yes">
            {t.t('reviews.own.remove')}
          </Button>
        ) : null}
      </p>
    </form>
  )
}
