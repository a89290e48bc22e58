import type { ReactElement, ReactNode } from 'react'
import css from '../elements/account.module.css'

/** The frame of every page of accounts: a heading, and what belongs to it below. */
export function Sheet(props: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className={`wrap ${css.sheet}`}>
      <h1>{props.title}</h1>
      {props.children}
    </div>
  )
}
