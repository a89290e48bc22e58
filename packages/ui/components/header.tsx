import { createElement, type ReactElement } from 'react'
import css from '../elements/shell.module.css'
import type { Translator } from '../translator.ts'
import { Mark } from './mark.tsx'
import { ReadingSettings } from './reading-settings.tsx'
import { SearchField } from './search-field.tsx'

export interface LanguageLink {
  lang: string
  /** The language's own name for itself. */
  name: string
  href: string
  current: boolean
}

export interface HeaderProps {
  t: Translator
  /** `mark` is the address of the operator's own picture; without it ours is drawn. */
  site: { name: string; href: string; mark?: string | undefined }
  nav: readonly { label: string; href: string; current?: boolean }[]
  /** Where the search form goes; without it there is no form (the page has its own). */
  search?: { action: string; query?: string | undefined } | undefined
  languages: readonly LanguageLink[]
  /** Where the account is; without it there is no link. */
  account?: string | undefined
  /** Where a person's own courses are, for who is signed in. */
  mine?: string | undefined
}

/** The link that lets a keyboard go past the header. `Main` has its target. */
export function SkipLink(props: { t: Translator }): ReactElement {
  return (
    <a className="skip-link" href="#main">
      {props.t.t('shell.skip')}
    </a>
  )
}

/** The top of every page. */
export function Header(props: HeaderProps): ReactElement {
  const { t, site, nav, search, languages } = props
  return (
    <header className={css.header}>
      <div className={`wrap ${css.bar}`}>
        <a
          className={css.home}
          href={site.href}
          aria-label={t.t('shell.home', { site: site.name })}
        >
          {site.mark ? <img src={site.mark} alt="" width={32} height={32} /> : <Mark />}
          <span className={css.name}>{site.name}</span>
        </a>
        {nav.length > 0 ? (
          <nav className={css.nav} aria-label={t.t('shell.main')}>
            {nav.map((link) => (
              <a key={link.href} href={link.href} aria-current={link.current ? 'page' : undefined}>
                {link.label}
              </a>
            ))}
          </nav>
        ) : null}
        {search ? (
          <div className={css.search}>
            <SearchField t={t} action={search.action} query={search.query} id="header-search" />
          </div>
        ) : null}
        <div className={css.tools}>
          {props.account ? <AccountLink t={t} href={props.account} mine={props.mine} /> : null}
          <LanguageSwitch t={t} languages={languages} />
          <ReadingSettings t={t} />
        </div>
      </div>
    </header>
  )
}

/**
 * The way to the account. The page is the same for everybody; `account-link` puts the name of who is signed in in place of
 * these words, and shows the way to their courses. Without JavaScript they stay, and lead to the same place.
 */
function AccountLink(props: {
  t: Translator
  href: string
  mine: string | undefined
}): ReactElement {
  const { t, href, mine } = props
  return createElement(
    'account-link',
    { class: css.account },
    mine ? (
      <a href={mine} data-mine="" hidden>
        {t.t('learn.my.title')}
      </a>
    ) : null,
    <a href={href} data-account="">
      {t.t('account.signIn')}
    </a>,
  )
}

function LanguageSwitch(props: {
  t: Translator
  languages: readonly LanguageLink[]
}): ReactElement | null {
  if (props.languages.length < 2) return null
  return (
    <nav className={css.languages} aria-label={props.t.t('shell.language')}>
      {props.languages.map((link) => (
        <a
          key={link.lang}
          href={link.href}
          lang={link.lang}
          hrefLang={link.lang}
          aria-current={link.current ? 'true' : undefined}
        >
          {link.lang.toUpperCase()}
          <span className="visually-hidden"> {link.name}</span>
        </a>
      ))}
    </nav>
  )
}
