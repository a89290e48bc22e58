import { createElement, type ReactElement } from 'react'
import css from '../elements/shell.module.css'
import type { MessageId, Translator } from '../translator.ts'
import { Button } from './button.tsx'

const settings = {
  theme: ['auto', 'light', 'dark'],
  size: ['default', 'large', 'larger'],
  spacing: ['default', 'wide'],
  font: ['default', 'atkinson'],
} as const

const labels = {
  'theme.auto': 'reading.theme.auto',
  'theme.light': 'reading.theme.light',
  'theme.dark': 'reading.theme.dark',
  'size.default': 'reading.size.default',
  'size.large': 'reading.size.large',
  'size.larger': 'reading.size.larger',
  'spacing.default': 'reading.spacing.default',
  'spacing.wide': 'reading.spacing.wide',
  'font.default': 'reading.font.default',
  'font.atkinson': 'reading.font.atkinson',
} as const satisfies Record<string, MessageId>

const legends = {
  theme: 'reading.theme',
  size: 'reading.size',
  spacing: 'reading.spacing',
  font: 'reading.font',
} as const satisfies Record<keyof typeof settings, MessageId>

/**
 * Theme, text size, spacing and typeface. The `reading-settings` element keeps them in the browser and is
 * invisible until it is defined: without JavaScript nothing is offered that would not work.
 */
export function ReadingSettings(props: { t: Translator }): ReactElement {
  const { t } = props
  const choices = (['theme', 'size', 'spacing', 'font'] as const).map((name) => (
    <fieldset key={name} className={css.choices}>
      <legend>{t.t(legends[name])}</legend>
      {settings[name].map((value, index) => (
        <label key={value}>
          <input type="radio" name={name} value={value} defaultChecked={index === 0} />
          {t.t(labelOf(name, value))}
        </label>
      ))}
    </fieldset>
  ))
  return createElement(
    'reading-settings',
    { class: css.reading, 'data-print': 'no' },
    <details>
      <summary className={css.readingSummary} aria-label={t.t('reading.title')}>
        <span aria-hidden="true">Aa</span>
      </summary>
      <form className={css.panel} autoComplete="off">
        {choices}
        <p className="quiet small">{t.t('reading.kept')}</p>
        <div className={css.panelEnd}>
          <button type="reset" className={css.reset}>
            {t.t('reading.reset')}
          </button>
          <Button type="submit">{t.t('reading.done')}</Button>
        </div>
      </form>
    </details>,
  )
}

function labelOf(name: string, value: string): MessageId {
  const found = Object.entries(labels).find(([key]) => key === `${name}.${value}`)
  if (!found) throw new Error(`no label for the reading setting ${name}.${value}`)
  return found[1]
}
