import type { ReactElement } from 'react'
import css from '../elements/section.module.css'
import type { MessageId, Translator } from '../translator.ts'

export type AwayId = Extract<MessageId, `away.${string}`>

/** The sentence for a fragment by its name: `away.reviews`, else `away.other`. */
export function awayText(t: Translator, fragment: string): string {
  const id = awayIds.find((known) => known === `away.${fragment}`)
  return t.t(id ?? 'away.other')
}

const awayIds = [
  'away.about',
  'away.banner',
  'away.catalogue',
  'away.instructors',
  'away.lesson',
  'away.offered-by',
  'away.reviews',
  'away.syllabus',
  'away.testimonials',
] as const satisfies readonly AwayId[]

/**
 * What stands where a fragment is away: a dashed column as high as the fragment would be (`height` in px) and
 * one calm sentence.
 */
export function Away(props: { text: string; height?: number; lang?: string }): ReactElement {
  const height = Math.max(72, Math.round(props.height ?? 160))
  return (
    <section className={css.away} lang={props.lang}>
      <svg
        className={css.awayColumn}
        width="48"
        height={height}
        aria-hidden="true"
        focusable="false"
      >
        <path className={css.awayLine} d="M0 13.5h48M5 21.5h38" />
        <path className={css.awayDash} d={`M10.5 26V${height - 8}M37.5 26V${height - 8}`} />
        <path className={css.awayLine} d={`M4 ${height - 4.5}h40`} />
      </svg>
      <p role="status" className={css.awayText}>
        {props.text}
      </p>
    </section>
  )
}
