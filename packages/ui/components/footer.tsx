import type { ReactElement } from 'react'
import css from '../elements/shell.module.css'
import type { Translator } from '../translator.ts'

export interface FooterProps {
  t: Translator
  site: { name: string; href: string }
  /** Imprint, privacy and whatever else the operator set. */
  legal: readonly { label: string; href: string }[]
}

/** The foot of every page: the steps the colonnade stands on. */
export function Footer(props: FooterProps): ReactElement {
  const { t, site, legal } = props
  return (
    <footer className={css.footer}>
      <svg className={css.steps} width="100%" height="17" aria-hidden="true" focusable="false">
        <path className={css.step} d="M0 1.5h9999" transform="translate(48)" />
        <path className={css.step} d="M0 8.5h9999" transform="translate(24)" />
        <path className={css.step} d="M0 15.5h9999" />
      </svg>
      <div className={`wrap ${css.foot}`}>
        <a className={css.footName} href={site.href}>
          {site.name}
        </a>
        {legal.length > 0 ? (
          <nav className={css.legal} aria-label={t.t('shell.legal')}>
            {legal.map((link) => (
              <a key={link.href} href={link.href}>
                {link.label}
              </a>
            ))}
          </nav>
        ) : null}
        <p className={css.made}>{t.t('shell.poweredBy')}</p>
      </div>
    </footer>
  )
}
