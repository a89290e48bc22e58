import type { ReactElement, ReactNode } from 'react'
import { classNames } from '../class-names.ts'
import css from '../elements/section.module.css'

export interface SectionProps {
  /** The anchor; the heading gets `<id>-title`. */
  id: string
  title: string
  /** What the margin carries below the heading: place, minutes, a count. */
  margin?: ReactNode
  children: ReactNode
  className?: string | undefined
}

/** A part of a page: heading and notes in the margin, matter beside it, a rule above. */
export function Section(props: SectionProps): ReactElement {
  const titleId = `${props.id}-title`
  return (
    <section
      id={props.id}
      aria-labelledby={titleId}
      className={classNames('wrap', css.section, props.className)}
    >
      <div className={css.inner}>
        <div className={css.margin}>
          <h2 id={titleId}>{props.title}</h2>
          {props.margin ? <div className={css.note}>{props.margin}</div> : null}
        </div>
        <div className={css.matter}>{props.children}</div>
      </div>
    </section>
  )
}
