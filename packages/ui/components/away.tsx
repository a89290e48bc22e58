import type { ReactElement } from 'react'
import css from '../elements/section.module.css'
import type { MessageId, Translator } from '../translator.ts'
import { Section } from './section.tsx'

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
  'away.here',
  'away.instructors',
  'away.lesson',
  'away.offered-by',
  'away.reviews',
  'away.syllabus',
  'away.testimonials',
] as const satisfies readonly AwayId[]

export interface AwayProps {
  text: string
  /** As high as the fragment would be, in px. */
  height?: number
  /** With both, the placeholder keeps the fragment's heading and anchor. */
  id?: string
  title?: string
  lang?: string
}

/** What stands where a fragment is away: a dashed column of the fragment's height and one calm sentence. */
export function Away(props: AwayProps): ReactElement {
  const { id, title, text, lang } = props
  const height = Math.max(72, Math.round(props.height ?? 160))
  const content = (
    <div className={css.away} lang={lang}>
      <svg
        className={css.awayColumn}
        width="48"
        height={height}
        aria-hidden="true"
        focusable="false"
      >
        <path className={css.awayLine} d="M0 1.5h48M5 8.5h38" />
        <path className={css.awayDash} d={`M10.5 12V${height - 6}M37.5 12V${height - 6}`} />
        <path className={css.awayLine} d={`M4 ${height - 2.5}h40`} />
      </svg>
      <p role="status" className={css.awayText}>
        {text}
      </p>
    </div>
  )
  if (!id || !title) return <div className="wrap">{content}</div>
  return (
    <Section id={id} title={title}>
      {content}
    </Section>
  )
}
