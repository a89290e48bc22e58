import type { ReactElement } from 'react'
import type { Subject } from '../subjects.ts'

/** Height of a capital and how far it stands out from its shaft, in its own units. */
export const capital = { height: 16, reach: 10 }

// The half that stands out to the left of a shaft whose top left corner is 0,0; the right half is its mirror.
// Each is an outline that starts and ends on the shaft's edge, and thin lines inside it.
const halves: Record<Subject, { outline: string; detail?: string }> = {
  computing: { outline: 'M0 0h-3.4v-5.3h-3.3v-5.3h-3.3V-16H0' },
  data: { outline: 'M0 0h-5v-5.3h-5v-5.3h3V-16H0', detail: 'M0-5.3h-5M0-10.6h-7' },
  mathematics: { outline: 'M0 0-10-16H0' },
  science: { outline: 'M0 0a8 8 0 0 1 0-16' },
  humanities: {
    outline: 'M0-2A6.2 6.2 0 1 1-4.5-13.4L-4.5-16H0',
    detail: 'M-4.2-7.6a1.4 1.4 0 1 0 1.2-1.6a3 3 0 0 0-3 3',
  },
  arts: { outline: 'M0 0C-.5-8-3-13-10-16H0' },
  business: { outline: 'M0 0h-5v-5h-2.5v-5.5H-10V-16H0', detail: 'M0-5h-5M0-10.5h-7.5' },
  teaching: { outline: 'M0 0C-9-1-11-9-8-16H0', detail: 'M0-5C-3-6-5-10-4.5-16' },
}

interface CapitalProps {
  subject: Subject
  side: 'left' | 'right'
  className?: string
  detailClassName?: string
}

/** Half a capital; place it with its origin at the corner of the shaft. */
export function HalfCapital(props: CapitalProps): ReactElement {
  const half = halves[props.subject]
  return (
    <g transform={props.side === 'right' ? 'scale(-1 1)' : undefined}>
      <path d={half.outline} className={props.className} />
      {half.detail ? <path d={half.detail} className={props.detailClassName} /> : null}
    </g>
  )
}
