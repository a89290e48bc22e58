import type { ReactElement, ReactNode } from 'react'
import css from '../elements/section.module.css'

/** Nothing here: what happened, and what to do. */
export function Empty(props: {
  title: string
  hint?: ReactNode
  children?: ReactNode
}): ReactElement {
  return (
    <div className={css.empty}>
      <svg width="160" height="16" viewBox="0 48 160 16" aria-hidden="true" focusable="false">
        <path className={css.emptyBeam} d="M0 61.5h160" />
        <path className={css.emptyBase} d="M16 55.5h24M68 55.5h24M120 55.5h24" />
      </svg>
      <p className={css.emptyTitle}>{props.title}</p>
      {props.hint ? <p className="quiet">{props.hint}</p> : null}
      {props.children}
    </div>
  )
}
