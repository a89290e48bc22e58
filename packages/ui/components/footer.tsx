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
      <div className={css.steps} />
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
