import type { ReactElement } from 'react'

/** HTML that the course reader made and sanitised when the course was published. */
export function Html(props: {
  html: string
  className?: string | undefined
  id?: string
  lang?: string
  dir?: 'ltr' | 'rtl'
}): ReactElement {
  const { html, ...rest } = props
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the reader, which is its one source
  return <div {...rest} dangerouslySetInnerHTML={{ __html: html }} />
}
