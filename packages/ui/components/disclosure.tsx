import type { ReactElement, ReactNode } from 'react'
import css from '../elements/section.module.css'

export interface DisclosureProps {
  /** Anchor of the whole. */
  id?: string | undefined
  title: ReactNode
  /** Heading level of the title inside the summary; none without it. */
  level?: 2 | 3 | 4 | undefined
  /** At the end of the line: minutes, a count. */
  note?: ReactNode
  open?: boolean
  children: ReactNode
  lang?: string | undefined
}

/** A native disclosure: works without JavaScript, opens when its anchor is the target of find-in-page. */
export function Disclosure(props: DisclosureProps): ReactElement {
  const Title = props.level ? (`h${props.level}` as const) : 'span'
  return (
    <details className={css.disclosure} id={props.id} open={props.open} lang={props.lang}>
      <summary className={css.summary}>
        <svg
          className={css.chevron}
          width="12"
          height="12"
          viewBox="0 0 12 12"
          aria-hidden="true"
          focusable="false"
        >
          <path d="M4 1.5 8.5 6 4 10.5" />
        </svg>
        <Title className={css.summaryTitle}>{props.title}</Title>
        {props.note ? <span className={css.summaryNote}>{props.note}</span> : null}
      </summary>
      <div className={css.disclosed}>{props.children}</div>
    </details>
  )
}
