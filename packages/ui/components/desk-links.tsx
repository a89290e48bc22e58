import type { ReactElement } from 'react'
import css from '../elements/section.module.css'

/** Links between pages that belong together, the present one marked. */
export function DeskLinks(props: {
  label: string
  links: readonly { label: string; href: string; current: boolean }[]
}): ReactElement {
  return (
    <nav className={css.deskLinks} aria-label={props.label}>
      <ul>
        {props.links.map(({ label, href, current }) => (
          <li key={href}>
            <a href={href} aria-current={current ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
