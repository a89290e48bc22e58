import type { ReactElement } from 'react'
import css from '../elements/people.module.css'
import { drawnOnce } from '../render-html.ts'

/** At most two initials of a name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words
  return picked.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('')
}

/** A person without a photograph: initials on the drum of a column. Decorative: the name stands beside it. */
export const Drum = drawnOnce(drawDrum, ({ name, size }: DrumProps) => `${size} ${initials(name)}`)

type DrumProps = { name: string; size?: number }

function drawDrum(props: DrumProps): ReactElement {
  const size = props.size ?? 64
  return (
    <svg
      className={css.drum}
      width={size}
      height={size}
      viewBox="0 0 64 64"
      aria-hidden="true"
      focusable="false"
    >
      <path className={css.drumStone} d="M9 10v44c0 4.4 10.3 8 23 8s23-3.6 23-8V10" />
      <ellipse className={css.drumStone} cx="32" cy="10" rx="23" ry="8" />
      <path className={css.drumLine} d="M16 16.5v43M48 16.5v43" />
      <text className={css.drumText} x="32" y="46" textAnchor="middle">
        {initials(props.name)}
      </text>
    </svg>
  )
}
