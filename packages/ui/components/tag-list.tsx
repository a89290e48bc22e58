import type { ReactElement } from 'react'
import css from '../elements/section.module.css'
import { ListLabel } from './list-label.tsx'

/** Words in a line, set apart by middle dots: skills, keywords. With `href` each is a link. */
export function TagList(props: {
  tags: readonly (string | { label: string; href: string })[]
  label?: string
}): ReactElement | null {
  if (props.tags.length === 0) return null
  return (
    <>
      <ListLabel text={props.label} />
      <ul className={css.tags}>
        {props.tags.map((tag) =>
          typeof tag === 'string' ? (
            <li key={tag}>{tag}</li>
          ) : (
            <li key={tag.label}>
              <a href={tag.href}>{tag.label}</a>
            </li>
          ),
        )}
      </ul>
    </>
  )
}
