import type { ReactElement } from 'react'
import css from '../elements/form.module.css'

export interface TextFieldProps {
  /** Unique on the page. */
  id: string
  name: string
  label: string
  type?: 'text' | 'email' | 'password' | 'number' | 'datetime-local'
  value?: string | undefined
  hint?: string | undefined
  /** What is wrong with what was sent; read out with the field. */
  error?: string | undefined
  required?: boolean
  /** What browsers and password managers fill in: `email`, `current-password`, `new-password`, `name`. */
  autoComplete?: string
  maxLength?: number
}

/** A label, its field, a hint below it, and what was wrong with it. */
export function TextField(props: TextFieldProps): ReactElement {
  const { id, label, hint, error, value, required = true, type = 'text', ...rest } = props
  const hintId = hint ? `${id}-hint` : undefined
  const errorId = error ? `${id}-error` : undefined
  const described = [errorId, hintId].filter(Boolean).join(' ')
  return (
    <p className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {error ? (
        <span id={errorId} className={css.fieldError}>
          {error}
        </span>
      ) : null}
      <input
        {...rest}
        className={css.text}
        id={id}
        type={type}
        required={required}
        defaultValue={value}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
      />
      {hint ? (
        <span id={hintId} className="quiet small">
          {hint}
        </span>
      ) : null}
    </p>
  )
}

/** A list to choose one from, with its label. */
export function ChoiceField(props: {
  id: string
  name: string
  label: string
  value: string
  choices: readonly { value: string; label: string }[]
}): ReactElement {
  const { id, name, label, value, choices } = props
  return (
    <p className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <select className={css.text} id={id} name={name}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </p>
  )
}
