import type { ReactElement } from 'react'
import css from '../elements/form.module.css'

/** A field for a file, or for a whole folder, with its label and a hint below it. */
export function FileField(props: {
  /** Unique on the page. */
  id: string
  name: string
  label: string
  hint?: string
  /** Media types or endings, as browsers take them: `.zip,application/zip`. */
  accept?: string
  folder?: boolean
}): ReactElement {
  const { id, name, label, hint, accept, folder } = props
  return (
    <p className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <input
        className={css.file}
        id={id}
        name={name}
        type="file"
        required
        accept={accept}
        multiple={folder}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...(folder ? { webkitdirectory: '' } : {})}
      />
      {hint ? (
        <span id={`${id}-hint`} className="quiet small">
          {hint}
        </span>
      ) : null}
    </p>
  )
}
