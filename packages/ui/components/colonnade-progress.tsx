import type { ReactElement } from 'react'
import css from '../elements/colonnade.module.css'
import type { Subject } from '../subjects.ts'
import type { Translator } from '../translator.ts'
import { type ColonnadeModule, placeColumns } from './colonnade-cover.tsx'

interface ProgressProps {
  t: Translator
  modules: readonly ColonnadeModule[]
  subject: Subject
  /** Key of the module the reader is in. */
  current: string
}

const width = 144
const height = 64

/** Slim columns beside a lesson: where in the course this is, with yours marked. */
export function ColonnadeProgress(props: ProgressProps): ReactElement {
  const { t, modules, subject, current } = props
  const columns = placeColumns(modules, width, 8, 3, 0.6)
  const index = modules.findIndex((module) => module.key === current)
  const own = modules[index]
  const label = own
    ? t.t('colonnade.place', { number: index + 1, count: modules.length, title: own.title })
    : t.t('colonnade.modules')
  return (
    <svg
      className={`${css.progress} ${css[subject]}`}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      {columns.map(({ module, x, width: column }) => (
        <rect
          key={module.key}
          data-module={module.key}
          className={`${css.slim} ${css[`is-${module.key === current ? 'yours' : (module.state ?? 'open')}`]}`}
          x={x}
          y="9"
          width={column}
          height={height - 12}
        />
      ))}
      <rect className={css.beam} width={width} height="5" />
      <rect className={css.beam} y={height - 2} width={width} height="2" />
    </svg>
  )
}
