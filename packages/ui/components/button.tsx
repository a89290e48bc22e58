import type { ReactElement, ReactNode } from 'react'
import { classNames } from '../class-names.ts'
import css from '../elements/form.module.css'

interface Look {
  children: ReactNode
  /** `main` is filled: one on a page. `plain` has an edge. `quiet` is text with room to touch. */
  look?: 'main' | 'plain' | 'quiet'
  className?: string | undefined
}

/** A button; `type` is `button` unless it submits. */
export function Button(
  props: Look & {
    type?: 'button' | 'submit' | 'reset'
    disabled?: boolean
    name?: string
    value?: string
  },
): ReactElement {
  const { look = 'plain', className, type = 'button', ...rest } = props
  return <button {...rest} type={type} className={classNames(css.button, css[look], className)} />
}

/** A link that looks like a button: it leads somewhere. */
export function ButtonLink(props: Look & { href: string; rel?: string }): ReactElement {
  const { look = 'plain', className, children, ...rest } = props
  return (
    <a {...rest} className={classNames(css.button, css[look], className)}>
      {children}
    </a>
  )
}
