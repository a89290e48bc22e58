import type { ReactElement } from 'react'
import css from '../elements/section.module.css'
import type { Translator } from '../translator.ts'
import { ButtonLink } from './button.tsx'
import { SearchField } from './search-field.tsx'

export type ErrorStatus = 400 | 404 | 500 | 503

const texts = {
  400: ['error.400.title', 'error.400.text'],
  404: ['error.404.title', 'error.404.text'],
  500: ['error.500.title', 'error.500.text'],
  503: ['error.503.title', 'error.503.text'],
} as const

/** What happened, what is safe, what to do. 404 offers the search. */
export function ErrorPage(props: {
  t: Translator
  status: ErrorStatus
  homeHref: string
  searchAction?: string
  requestId?: string
  /** 1 unless it is shown inside another page. */
  headingLevel?: 1 | 2
}): ReactElement {
  const { t, status } = props
  const [title, text] = texts[status]
  const Heading = `h${props.headingLevel ?? 1}` as const
  return (
    <div className={`wrap ${css.error}`}>
      <svg
        className={css.errorDrawing}
        viewBox="0 0 224 112"
        width="224"
        height="112"
        aria-hidden="true"
        focusable="false"
      >
        <path className={css.errorBeam} d="M0 12h224" />
        <path className={css.errorStone} d="M20 108V28h24v80M100 108V28h24v80" />
        {/* Nothing stands where nothing was found; what is away is dashed. */}
        {status === 404 ? null : <path className={css.errorGone} d="M180 108V28h24v80" />}
        <path className={css.errorStone} d="M0 108h224" />
      </svg>
      <p className="quiet number">{t.t('error.code', { code: String(status) })}</p>
      <Heading className={css.errorTitle}>{t.t(title)}</Heading>
      <p className="lead">{t.t(text)}</p>
      {status === 404 && props.searchAction ? (
        <SearchField
          t={t}
          action={props.searchAction}
          id="error-search"
          size="large"
          label={t.t('error.404.hint')}
        />
      ) : null}
      <p>
        <ButtonLink href={props.homeHref}>{t.t('error.home')}</ButtonLink>
      </p>
      {props.requestId ? (
        <p className="quiet small">{t.t('error.request', { id: props.requestId })}</p>
      ) : null}
    </div>
  )
}
