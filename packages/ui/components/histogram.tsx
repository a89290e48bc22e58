import type { ReactElement } from 'react'
import css from '../elements/reviews.module.css'
import type { Translator } from '../translator.ts'
import { ListLabel } from './list-label.tsx'

/** How many reviews gave 1, 2, 3, 4 and 5 stars. */
export type StarCounts = readonly [number, number, number, number, number]

/** The spread of ratings, five stars first; every row is readable text, the bar a picture of it. */
export function Histogram(props: {
  t: Translator
  counts: StarCounts
  label?: string
}): ReactElement {
  const { t, counts } = props
  const most = Math.max(...counts, 1)
  return (
    <>
      <ListLabel text={props.label ?? t.t('reviews.histogram')} />
      <ul className={css.histogram}>
        {([5, 4, 3, 2, 1] as const).map((stars) => {
          const count = counts[stars - 1] ?? 0
          return (
            <li key={stars} className={css.histogramRow}>
              <span className="visually-hidden">
                {t.t('reviews.histogramRow', { stars, count })}
              </span>
              <span className="number" aria-hidden="true">
                {t.number(stars)}
              </span>
              <svg width="100%" height="10" aria-hidden="true" focusable="false">
                <rect className={css.barTrack} width="100%" height="1" y="9" />
                <rect
                  className={css.barFill}
                  width={`${Math.round((1000 * count) / most) / 10}%`}
                  height="10"
                />
              </svg>
              <span className="number quiet" aria-hidden="true">
                {t.number(count)}
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
