import type { ReactElement, ReactNode } from 'react'
import css from '../elements/section.module.css'

/** The frame of a page made for one person: a heading, and what belongs to it below. */
export function Sheet(props: {
  title: ReactNode
  /** Above the heading: where the page stands. */
  above?: ReactNode
  children: ReactNode
}): ReactElement {
  return (
    <div className={`wrap ${css.sheet}`}>
      {props.above}
      <h1>{props.title}</h1>
      {props.children}
    </div>
  )
}
