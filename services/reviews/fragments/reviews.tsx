import type { FragmentAnswer } from '@colonnade/http'
import {
  ButtonLink,
  ExampleNote,
  Histogram,
  localPath,
  renderHtml,
  Section,
  type StarCounts,
  Stars,
  type Translator,
} from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import type { Sort } from '../api/schemas.ts'
import { ownReviewPath } from '../contract.ts'
import css from '../elements/reviews.module.css'
import type { ShownReview } from '../queries/shown.ts'
import type { FullSummary } from '../queries/summaries.ts'

export type Shown = {
  courseId: number
  summary: FullSummary
  reviews: readonly ShownReview[]
  sort: Sort
  /** Whether this is not the first page. */
  later: boolean
  /** The review after which the next page begins; null at the end. */
  next: string | null
}

/** A course's reviews: what they come to, and one page of them. */
export function renderReviews(shown: Shown, t: Translator): FragmentAnswer {
  const rating = aggregateRating(shown.summary)
  return {
    html: renderHtml(<Reviews shown={shown} t={t} />),
    tags: [`reviews-of:${shown.courseId}`],
    ...(rating ? { meta: { jsonLd: { aggregateRating: rating } } } : {}),
  }
}

function Reviews({ shown, t }: { shown: Shown; t: Translator }): ReactElement {
  const { summary, reviews, sort, later, next } = shown
  const { average, count, examples } = summary
  return (
    <Section
      id="reviews"
      title={t.t('reviews.title')}
      margin={
        examples > 0 ? (
          <ExampleNote>{t.t('reviews.examples', { examples })}</ExampleNote>
        ) : undefined
      }
    >
      <div className={css.summary}>
        <div className={css.average}>
          <p className={css.figure} aria-hidden="true">
            {t.number(average, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}
          </p>
          <Stars t={t} value={Math.round(average * 10) / 10} size={20} />
          <p className="quiet small">{t.t('reviews.count', { count })}</p>
        </div>
        <Histogram t={t} counts={countsOf(summary)} />
      </div>
      <p>
        <a href={localPath(t.lang, ownReviewPath(shown.courseId))} rel="nofollow">
          {t.t('reviews.own.link')}
        </a>
      </p>
      {count > 1 ? <Order sort={sort} t={t} /> : null}
      {createElement(
        'more-reviews',
        { 'data-fragment': `/fragments/reviews/reviews?course=${shown.courseId}&lang=${t.lang}` },
        <ol className={css.list}>
          {reviews.map((review) => (
            <li key={review.id} className={css.item}>
              <Review review={review} t={t} />
            </li>
          ))}
        </ol>,
        <p className={css.pager} data-pager="">
          {next ? (
            <ButtonLink href={addressOf(sort, next)} rel="next">
              {t.t('reviews.more')}
            </ButtonLink>
          ) : null}
          {later ? (
            <ButtonLink href={addressOf(sort)} look="quiet">
              {t.t('pager.previous')}
            </ButtonLink>
          ) : null}
        </p>,
      )}
    </Section>
  )
}

/** Only the query: the same link works on the course's page in every language, and on the fragment alone. */
function addressOf(sort: Sort, after?: string): string {
  const query = new URLSearchParams()
  if (after) query.set('reviews', after)
  if (sort !== 'newest') query.set('sort', sort)
  return `?${query}#reviews`
}

function Order({ sort, t }: { sort: Sort; t: Translator }): ReactElement {
  return (
    <nav className={css.order} aria-label={t.t('reviews.sort')}>
      {(['newest', 'helpful'] as const).map((one) => (
        <a key={one} href={addressOf(one)} aria-current={one === sort ? 'true' : undefined}>
          {t.t(one === 'newest' ? 'reviews.newest' : 'reviews.mostHelpful')}
        </a>
      ))}
    </nav>
  )
}

function Review({ review, t }: { review: ShownReview; t: Translator }): ReactElement {
  const paragraphs = review.text.split(/\n\s*\n/).filter((one) => one.trim() !== '')
  return (
    <article className={css.review}>
      <div className={css.head}>
        <Stars t={t} value={review.stars} />
        <b dir="auto">{review.author || t.t('reviews.author.gone')}</b>
        <time className="quiet small" dateTime={review.day}>
          {t.date(review.day)}
        </time>
      </div>
      {paragraphs.length > 0 ? (
        <div className="prose prose-small" dir="auto">
          {paragraphs.map((text, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have nothing else to tell them apart
            <p key={index}>{text}</p>
          ))}
        </div>
      ) : null}
      {review.helpful > 0 ? (
        <p className="quiet small">{t.t('reviews.helpful', { count: review.helpful })}</p>
      ) : null}
      {review.example ? <ExampleNote>{t.t('example.review')}</ExampleNote> : null}
    </article>
  )
}

function countsOf({ histogram }: FullSummary): StarCounts {
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = histogram
  return [one, two, three, four, five]
}

/**
 * What search engines are told: only of reviews that people gave. Examples are shown to readers with a note beside
 * each, which a search result has no room for; counted there, they would pass for opinions nobody had.
 */
function aggregateRating(summary: FullSummary): Record<string, unknown> | undefined {
  const count = summary.count - summary.examples
  if (count < 1) return undefined
  return {
    '@type': 'AggregateRating',
    ratingValue: Math.round((100 * (summary.sum - summary.exampleSum)) / count) / 100,
    reviewCount: count,
    bestRating: 5,
    worstRating: 1,
  }
}
