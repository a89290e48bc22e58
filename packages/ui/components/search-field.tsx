import type { ReactElement } from 'react'
import css from '../elements/form.module.css'
import type { Translator } from '../translator.ts'

export interface SearchFieldProps {
  t: Translator
  action: string
  query?: string | undefined
  /** Unique on the page; the label needs it. */
  id: string
  /** `large` for the catalogue's own. */
  size?: 'normal' | 'large'
  /** The label is shown only when given; else `search.label` is read out. */
  label?: string | undefined
  /** Filters to keep while searching. */
  keep?: Readonly<Record<string, string>> | undefined
}

/** A search form that works as a plain GET. */
export function SearchField(props: SearchFieldProps): ReactElement {
  const { t, id, keep = {} } = props
  return (
    <search>
      <form
        className={css.search}
        data-size={props.size ?? 'normal'}
        action={props.action}
        method="get"
      >
        <label className={props.label ? css.label : 'visually-hidden'} htmlFor={id}>
          {props.label ?? t.t('search.label')}
        </label>
        <div className={css.row}>
          <input
            className={css.input}
            id={id}
            type="search"
            name="q"
            defaultValue={props.query}
            placeholder={t.t('search.placeholder')}
            maxLength={200}
            autoComplete="off"
          />
          {Object.entries(keep).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button className={css.submit} type="submit">
            {t.t('search.action')}
          </button>
        </div>
      </form>
    </search>
  )
}
