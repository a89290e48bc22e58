import { createElement, type ReactElement } from 'react'
import css from '../elements/form.module.css'
import type { Translator } from '../translator.ts'

/** A button that copies the code of the figure it stands in; there only when JavaScript is. */
export function CodeCopy(props: { t: Translator }): ReactElement {
  return createElement(
    'copy-code',
    { class: css.copy, 'data-copied': props.t.t('code.copied'), 'data-print': 'no' },
    <button type="button" className={css.copyButton}>
      {props.t.t('code.copy')}
    </button>,
  )
}
