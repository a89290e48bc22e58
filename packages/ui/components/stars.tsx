import type { ReactElement } from 'react'
import css from '../elements/reviews.module.css'
import { drawnOnce } from '../render-html.ts'
import type { Translator } from '../translator.ts'

const shape = 'M8 .9l2.2 4.6 5 .7-3.6 3.5.9 5L8 12.3l-4.5 2.4.9-5L.8 6.2l5-.7z'

/** Five stars filled to `value` (0 to 5), read out as a sentence. */
export const Stars = drawnOnce(
  drawStars,
  ({ t, value, size }: StarsProps) => `${t.lang} ${value} ${size}`,
)

type StarsProps = { t: Translator; value: number; size?: number }

function drawStars(props: StarsProps): ReactElement {
  const { t, size = 16 } = props
  const value = Math.min(5, Math.max(0, props.value))
  const label = Number.isInteger(value)
    ? t.t('reviews.stars', { stars: value })
    : t.t('reviews.average', { average: value })
  return (
    <svg
      className={css.stars}
      width={size * 5.4}
      height={size}
      viewBox="0 0 86.4 16"
      role="img"
      aria-label={label}
    >
      {[0, 1, 2, 3, 4].map((index) => (
        <Star key={index} at={index * 17.6} part={Math.min(1, Math.max(0, value - index))} />
      ))}
    </svg>
  )
}

function Star(props: { at: number; part: number }): ReactElement {
  const { at, part } = props
  // A nested svg clips what stands out of it: no clipPath, so no ids that could collide.
  const width = Math.round(16 * part * 10) / 10
  return (
    <>
      <svg x={at} width="16" height="16" aria-hidden="true">
        <path className={css.starEmpty} d={shape} />
      </svg>
      {part > 0 ? (
        <svg x={at} width={width} height="16" viewBox={`0 0 ${width} 16`} aria-hidden="true">
          <path className={css.starFull} d={shape} />
        </svg>
      ) : null}
    </>
  )
}

export interface RatingProps {
  t: Translator
  average: number
  count: number
  href?: string
}

/** Average and count in one line: `4.6 ★★★★★ 12 reviews`. Nothing when there is none. */
export function Rating(props: RatingProps): ReactElement | null {
  const { t, average, count, href } = props
  if (count < 1) return null
  const text = t.t('reviews.count', { count })
  return (
    <span className={css.rating}>
      <b>{t.number(average, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}</b>
      <Stars t={t} value={Math.round(average * 10) / 10} />
      {href ? <a href={href}>{text}</a> : <span>{text}</span>}
    </span>
  )
}
