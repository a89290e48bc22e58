import type { ReactElement } from 'react'
import css from '../elements/catalogue.module.css'
import type { Translator } from '../translator.ts'

export interface FilterChoice {
  label: string
  count: number
  /** Where choosing it leads; for a chosen one, where taking it away leads. */
  href: string
  chosen: boolean
}

/** One group of filters: plain links with counts. A choice that would give nothing is left out. */
export function FilterLinks(props: {
  t: Translator
  title: string
  choices: readonly FilterChoice[]
}): ReactElement | null {
  const { t, title } = props
  const choices = props.choices.filter((choice) => choice.count > 0 || choice.chosen)
  if (choices.length === 0) return null
  return (
    <div className={css.filter}>
      <h3 className={css.filterTitle}>{title}</h3>
      <ul>
        {choices.map((choice) => (
          <li key={choice.label}>
            <a
              className={css.choice}
              href={choice.href}
              rel="nofollow"
              aria-current={choice.chosen ? 'true' : undefined}
            >
              <span>{choice.label}</span>
              <span className="number" aria-hidden="true">
                {choice.chosen ? '×' : t.number(choice.count)}
              </span>
              <span className="visually-hidden">
                {choice.chosen
                  ? t.t('filters.remove')
                  : t.t('filters.count', { count: choice.count })}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
