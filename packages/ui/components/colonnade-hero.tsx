import type { ReactElement } from 'react'
import { classNames } from '../class-names.ts'
import css from '../elements/colonnade.module.css'
import { drawnOnce } from '../render-html.ts'
import type { Subject } from '../subjects.ts'
import type { Translator } from '../translator.ts'
import { capital, HalfCapital } from './capital.tsx'
import { type ColonnadeModule, weight } from './colonnade-cover.tsx'

interface HeroProps {
  t: Translator
  modules: readonly ColonnadeModule[]
  subject: Subject
  /** The name of the landmark, where a page has two. */
  label?: string | undefined
  /** The language of the titles, where it is not the page's. */
  lang?: string
  dir?: 'ltr' | 'rtl' | undefined
}

/**
 * The colonnade at full width: every column is a link to its module. `data-module` is the module's key and
 * `data-state` its state, so that an element can fill a column when its module is finished.
 */
export function ColonnadeHero(props: HeroProps): ReactElement | null {
  const { t, modules, subject } = props
  if (modules.length === 0) return null
  const most = Math.max(...modules.map(weight))
  return (
    <nav
      className={`${css.hero} ${css[subject]}`}
      aria-label={props.label ?? t.t('colonnade.modules')}
    >
      <ol
        className={`${css.columns} ${css[`per${perStorey(modules.length)}`]}`}
        lang={props.lang}
        dir={props.dir}
      >
        {modules.map((module, index) => (
          <li
            key={module.key}
            className={classNames(
              css.column,
              css[`grow-${share(weight(module), most)}`],
              css[`is-${module.state ?? 'open'}`],
            )}
            data-module={module.key}
            data-state={module.state ?? 'open'}
          >
            <HeroColumn
              t={t}
              module={module}
              number={index + 1}
              subject={subject}
              share={share(weight(module), most)}
            />
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** How many columns stand in a row on a phone, when no row has more than six and all are alike. */
function perStorey(count: number): number {
  return Math.ceil(count / Math.ceil(count / 6))
}

/** A width class from 3 to 12: the share of the longest module. */
function share(minutes: number, most: number): number {
  return Math.max(3, Math.round((12 * minutes) / most))
}

function HeroColumn(props: {
  t: Translator
  module: ColonnadeModule
  number: number
  subject: Subject
  share: number
}): ReactElement {
  const { t, module, number, subject } = props
  const content = (
    <>
      <span className={css.frieze}>
        <span className={css.number}>{t.number(number)}</span>
        <span className={css.title}>{module.title}</span>
        <span className={css.time}>
          {t.duration(module.minutes)}
          <StateWord t={t} state={module.state} />
        </span>
      </span>
      <Head subject={subject} />
      <Shaft share={props.share} lessons={module.lessons ?? 1} />
    </>
  )
  return module.href ? (
    <a className={css.link} href={module.href}>
      {content}
    </a>
  ) : (
    <span className={css.link}>{content}</span>
  )
}

function StateWord(props: { t: Translator; state: ColonnadeModule['state'] }): ReactElement | null {
  if (props.state === 'done')
    return <span className="visually-hidden">, {props.t.t('colonnade.done')}</span>
  if (props.state === 'away') return <span>, {props.t.t('colonnade.away')}</span>
  return null
}

const Head = drawnOnce(drawHead, ({ subject }: { subject: Subject }) => subject)

function drawHead(props: { subject: Subject }): ReactElement {
  const { height } = capital
  return (
    <svg className={css.head} width="100%" height={height} aria-hidden="true" focusable="false">
      <rect className={css.neck} width="100%" height={height} />
      <svg x="0" y={height} overflow="visible" aria-hidden="true">
        <HalfCapital {...props} side="left" className={css.stone} detailClassName={css.line} />
      </svg>
      <svg x="100%" y={height} overflow="visible" aria-hidden="true">
        <HalfCapital {...props} side="right" className={css.stone} detailClassName={css.line} />
      </svg>
    </svg>
  )
}

type ShaftProps = { share: number; lessons: number }

// As many flutes as the column is wide, so that they stand equally far apart in every column; a joint
// between two drums for every lesson after the first.
const Shaft = drawnOnce(drawShaft, ({ share, lessons }: ShaftProps) => `${share} ${lessons}`)

function drawShaft(props: ShaftProps): ReactElement {
  const joints = Math.min(props.lessons, 12)
  return (
    <svg className={css.shaft} width="100%" height="100%" aria-hidden="true" focusable="false">
      {steps(props.share).map((at) => (
        <line key={at} className={css.flute} x1={at} x2={at} y1="0" y2="100%" />
      ))}
      {steps(joints).map((at) => (
        <line key={at} className={css.joint} x1="0" x2="100%" y1={at} y2={at} />
      ))}
    </svg>
  )
}

/** The inner borders of `parts` equal parts, in percent. */
function steps(parts: number): string[] {
  return Array.from(
    { length: Math.max(0, parts - 1) },
    (_, index) => `${Math.round((10000 * (index + 1)) / parts) / 100}%`,
  )
}
