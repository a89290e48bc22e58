import type { ReactElement } from 'react'

/** What a list is of, for those who do not see it. Words before the list, since not every reader names a list. */
export function ListLabel(props: { text: string | undefined }): ReactElement | null {
  return props.text ? <p className="visually-hidden">{props.text}</p> : null
}
