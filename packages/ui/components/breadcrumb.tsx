import type { ReactElement } from 'react'
import css from '../elements/section.module.css'
import type { Translator } from '../translator.ts'

export interface Crumb {
  label: string
  /** The last one has none: it is the page itself. */
  href?: string | undefined
}

/** Where the page stands. */
export function Breadcrumb(props: { t: Translator; crumbs: readonly Crumb[] }): ReactElement {
  return (
    <nav className={css.breadcrumb} aria-label={props.t.t('breadcrumb.label')} data-print="no">
      <ol>
        {props.crumbs.map((crumb) => (
          <li key={crumb.label}>
            {crumb.href ? (
              <a href={crumb.href}>{crumb.label}</a>
            ) : (
              <span aria-current="page">{crumb.label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
