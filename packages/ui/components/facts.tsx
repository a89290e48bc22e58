import type { ReactElement, ReactNode } from 'react'
import css from '../elements/section.module.css'

export interface Fact {
  label: string
  value: ReactNode
}

/** Facts with their names; what has no value is left out. `line` sets them side by side. */
export function Facts(props: {
  facts: readonly Fact[]
  layout?: 'list' | 'line'
}): ReactElement | null {
  const known = props.facts.filter(
    ({ value }) => value !== null && value !== undefined && value !== '',
  )
  if (known.length === 0) return null
  return (
    <dl className={css.facts} data-layout={props.layout ?? 'list'}>
      {known.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
