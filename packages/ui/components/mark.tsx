import type { ReactElement } from 'react'
import css from '../elements/shell.module.css'

/** The mark: three columns, one beam, one of them dashed. The roof stands when a column falls. */
export function Mark(props: { size?: number }): ReactElement {
  const size = props.size ?? 32
  return (
    <svg
      className={css.mark}
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M2 4h28v5H2zM5 11h5v17H5zM13.5 11h5v17h-5zM22 11h5v3.4h-5zM22 17.8h5v3.4h-5zM22 24.6h5V28h-5z" />
    </svg>
  )
}
