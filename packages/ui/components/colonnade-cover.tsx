import type { ReactElement } from 'react'
import css from '../elements/colonnade.module.css'
import type { Subject } from '../subjects.ts'
import { capital, HalfCapital } from './capital.tsx'

/** One module as the colonnade draws it. */
export interface ColonnadeModule {
  key: string
  title: string
  minutes: number
  /** How many lessons: as many flutes on the shaft. */
  lessons?: number
  /** Where its column leads: the module's anchor. */
  href?: string
  /** `done` fills the column, `yours` marks it, `away` dashes it. */
  state?: 'open' | 'done' | 'yours' | 'away'
}

interface Placed {
  module: ColonnadeModule
  x: number
  width: number
}

/**
 * Where the columns stand: widths follow the minutes (none narrower than `least`), the gaps are equal and take
 * at most `air` of the width.
 */
export function placeColumns(
  modules: readonly ColonnadeModule[],
  width: number,
  reach: number,
  least = 4,
  air = 0.4,
): Placed[] {
  const count = modules.length
  if (count === 0) return []
  const gap = Math.min(2 * reach + 8, Math.max(2, (width * air) / (count + 1)))
  const room = width - gap * count
  const floor = Math.min(least, room / count)
  const total = modules.reduce((sum, module) => sum + weight(module), 0)
  const spare = room - floor * count
  let x = gap / 2
  return modules.map((module) => {
    const own = floor + (spare * weight(module)) / total
    const placed = { module, x: round(x), width: round(own) }
    x += own + gap
    return placed
  })
}

/** A module without a sensible duration still has a column. */
export function weight(module: ColonnadeModule): number {
  return module.minutes > 1 ? module.minutes : 1
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Beyond this many columns a cover is a texture: the rest is left out. */
const most = 24

interface CoverProps {
  modules: readonly ColonnadeModule[]
  subject: Subject
  width?: number
  height?: number
  className?: string
}

/** The cover: a strip in the subject's hue with the course's colonnade standing in it. Decorative. */
export function ColonnadeCover(props: CoverProps): ReactElement {
  const { subject, width = 176, height = 88 } = props
  const unit = height / 88
  const inset = 14 * unit
  const shown = props.modules.length > 0 ? props.modules.slice(0, most) : [blank]
  const columns = placeColumns(shown, width - 2 * inset, capital.reach * unit, 5 * unit)
  const beam = { y: 14 * unit, height: 9 * unit }
  const top = beam.y + beam.height
  const ground = height - 12 * unit
  const gap = columns[0] ? columns[0].x * 2 : 0
  const size = Math.min(unit, gap / (2 * capital.reach + 3))
  return (
    <svg
      className={[css.cover, css[subject], props.className].filter(Boolean).join(' ')}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      focusable="false"
    >
      <rect className={css.sky} width={width} height={height} />
      {columns.map(({ module, x, width: own }) => (
        <g
          key={module.key}
          className={css[`is-${module.state ?? 'open'}`]}
          transform={`translate(${round(inset + x)} ${round(top)})`}
        >
          <Shaft
            width={own}
            height={ground - top}
            scale={size}
            subject={subject}
            {...flutes(module, own, unit)}
          />
        </g>
      ))}
      <rect
        className={css.stone}
        x={inset}
        y={beam.y}
        width={width - 2 * inset}
        height={beam.height}
      />
      <path className={css.line} d={`M${inset} ${beam.y + 3 * unit}h${width - 2 * inset}`} />
      <rect className={css.ground} y={ground} width={width} height={height - ground} />
    </svg>
  )
}

const blank: ColonnadeModule = { key: 'blank', title: '', minutes: 1, lessons: 0 }

function flutes(module: ColonnadeModule, width: number, unit: number): { lines: number } {
  const lessons = module.lessons ?? 0
  return { lines: lessons > 1 && width / lessons > 4 * unit ? lessons - 1 : 0 }
}

function Shaft(props: {
  width: number
  height: number
  scale: number
  subject: Subject
  lines: number
}): ReactElement {
  const { width, height, scale, subject, lines } = props
  const head = round(capital.height * scale)
  const lineAt = (index: number) => round((width * (index + 1)) / (lines + 1))
  return (
    <>
      <path className={css.stone} d={`M0 ${round(height)}V${head}H${width}V${round(height)}`} />
      {Array.from({ length: lines }, (_, index) => (
        <path
          key={lineAt(index)}
          className={css.line}
          d={`M${lineAt(index)} ${round(head + 6 * scale)}V${round(height)}`}
        />
      ))}
      <rect className={css.neck} width={width} height={head} />
      <g transform={`translate(0 ${head}) scale(${round(scale)})`}>
        <HalfCapital
          subject={subject}
          side="left"
          className={css.stone}
          detailClassName={css.line}
        />
      </g>
      <g transform={`translate(${width} ${head}) scale(${round(scale)})`}>
        <HalfCapital
          subject={subject}
          side="right"
          className={css.stone}
          detailClassName={css.line}
        />
      </g>
    </>
  )
}
