import type { ReactElement } from 'react'
import css from '../elements/catalogue.module.css'
import type { Translator } from '../translator.ts'
import { ButtonLink } from './button.tsx'

/** On to the next cursor, or back to the start. Nothing when there is nowhere to go. */
export function Pager(props: {
  t: Translator
  next?: string | null | undefined
  first?: string | null | undefined
  nextLabel?: string
}): ReactElement | null {
  const { t, next, first } = props
  if (!next && !first) return null
  return (
    <nav className={css.pager} aria-label={t.t('pager.label')}>
      {first ? (
        <ButtonLink href={first} look="quiet" rel="prev">
          {t.t('pager.previous')}
        </ButtonLink>
      ) : null}
      {next ? (
        <ButtonLink href={next} rel="next">
          {props.nextLabel ?? t.t('pager.next')}
        </ButtonLink>
      ) : null}
    </nav>
  )
}
