import type { ReactElement, ReactNode } from 'react'
import css from '../elements/form.module.css'
import { Button } from './button.tsx'

/** A form that is sent with POST: its fields below each other, and one button. */
export function Form(props: {
  action: string
  submit: string
  look?: 'main' | 'plain' | 'quiet'
  /** Files are sent with it. */
  files?: boolean
  children?: ReactNode
}): ReactElement {
  return (
    <form
      className={css.fields}
      method="post"
      action={props.action}
      encType={props.files ? 'multipart/form-data' : undefined}
    >
      {props.children}
      <Button type="submit" look={props.look ?? 'main'}>
        {props.submit}
      </Button>
    </form>
  )
}
