import type { ReactElement } from 'react'
import css from '../elements/colonnade.module.css'
import type { Subject } from '../subjects.ts'
import type { Translator } from '../translator.ts'
import { capital, HalfCapital } from './capital.tsx'
import type { ColonnadeModule } from './colonnade-cover.tsx'

interface HeroProps {
  t: Translator
  modules: readonly ColonnadeModule[]
  subject: Subject
  /** The language of the titles, where it is not the page's. */
  lang?: string
}

/**
 * The colonnade at full width: every column is a link to its module. `data-module` is the module's key and
 * `data-state` its state, so that an element can fill a column when its module is finished.
 */
export function ColonnadeHero(props: HeroProps): ReactElement | null {
  const { t, modules, subject } = props
  if (modules.length === 0) return null
  const most = Math.max(...modules.map((module) => module.minutes), 1)
  return (
    <nav className={`${css.hero} ${css[subject]}`} aria-label={t.t('colonnade.modules')}>
      <ol className={css.columns} lang={props.lang}>
        {modules.map((module, index) => (
          <li
            key={module.key}
            className={`${css.column} ${css[`grow-${share(module.minutes, most)}`]} ${css[`is-${module.state ?? 'open'}`]}`}
            data-module={module.key}
            data-state={module.state ?? 'open'}
          >
            <HeroColumn t={t} module={module} number={index + 1} subject={subject} />
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** A width class from 3 to 12: the share of the longest module. */
function share(minutes: number, most: number): number {
  return Math.max(3, Math.round((12 * Math.max(0, minutes)) / most))
}

function HeroColumn(props: {
  t: Translator
  module: ColonnadeModule
  number: number
  subject: Subject
}): ReactElement {
  const { t, module, number, subject } = props
  const time = t.duration(module.minutes)
  const content = (
    <>
      <span className={css.number}>{t.number(number)}</span>
      <Head subject={subject} />
      <span className={css.shaft}>
        <span className={css.title}>{module.title}</span>
        <span className={css.time}>
          {time}
          <StateWord t={t} state={module.state} />
        </span>
        <Flutes lessons={module.lessons ?? 0} />
      </span>
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

function Head(props: { subject: Subject }): ReactElement {
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

function Flutes(props: { lessons: number }): ReactElement {
  const lines = Math.min(Math.max(props.lessons - 1, 0), 11)
  const at = (index: number) => `${(100 * (index + 1)) / (lines + 1)}%`
  return (
    <svg className={css.flutes} width="100%" height="100%" aria-hidden="true" focusable="false">
      {Array.from({ length: lines }, (_, index) => (
        <line key={at(index)} className={css.line} x1={at(index)} x2={at(index)} y1="0" y2="100%" />
      ))}
    </svg>
  )
}
