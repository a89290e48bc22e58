import type { ReactElement, ReactNode } from 'react'
import css from '../elements/section.module.css'

/** Something to know before reading on; `error` when something went wrong. */
export function Notice(props: { kind?: 'note' | 'error'; children: ReactNode }): ReactElement {
  const kind = props.kind ?? 'note'
  return (
    <div className={css.notice} data-kind={kind} role={kind === 'error' ? 'alert' : 'note'}>
      {props.children}
    </div>
  )
}

/** The line that says something was made up for a sample. */
export function ExampleNote(props: { children: ReactNode }): ReactElement {
  return <p className={css.example}>{props.children}</p>
}
