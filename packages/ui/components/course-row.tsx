import type { ReactElement, ReactNode } from 'react'
import css from '../elements/catalogue.module.css'
import type { Subject } from '../subjects.ts'
import type { MessageId, Translator } from '../translator.ts'
import { ColonnadeCover, type ColonnadeModule } from './colonnade-cover.tsx'
import { ListLabel } from './list-label.tsx'
import { Rating } from './stars.tsx'

export type Level = 'beginner' | 'intermediate' | 'advanced'

const levels = {
  beginner: 'level.beginner',
  intermediate: 'level.intermediate',
  advanced: 'level.advanced',
} as const satisfies Record<Level, MessageId>

export interface CourseRowProps {
  t: Translator
  href: string
  title: ReactNode
  /** The promise: one sentence. */
  promise?: ReactNode
  subject: Subject
  modules: readonly ColonnadeModule[]
  minutes: number
  level?: Level | null | undefined
  /** BCP 47 tag the course is written in. */
  language: string
  teachers?: readonly string[]
  rating?: { average: number; count: number } | null | undefined
  headingLevel?: 2 | 3 | 4
}

/** A course on the shelf: cover, title, promise; hours, level and language in the margin. */
export function CourseRow(props: CourseRowProps): ReactElement {
  const { t, level, rating, teachers = [] } = props
  const Heading = `h${props.headingLevel ?? 3}` as const
  return (
    <article className={css.course}>
      <ColonnadeCover className={css.courseCover} modules={props.modules} subject={props.subject} />
      <div lang={props.language}>
        <Heading className={css.courseTitle}>
          <a href={props.href}>{props.title}</a>
        </Heading>
        {props.promise ? <p className={css.promise}>{props.promise}</p> : null}
        {teachers.length > 0 || (rating && rating.count > 0) ? (
          <p className={css.credit} lang={t.lang}>
            {teachers.length > 0 ? (
              <span>{t.t('catalogue.by', { names: t.list(teachers) })}</span>
            ) : null}
            {rating ? <Rating t={t} {...rating} /> : null}
          </p>
        ) : null}
      </div>
      <ul className={css.courseFacts}>
        <li className="number">{t.duration(props.minutes)}</li>
        {level ? <li>{t.t(levels[level])}</li> : null}
        <li>{capitalise(t.languageName(props.language))}</li>
      </ul>
    </article>
  )
}

/** The name of a level. */
export function levelName(t: Translator, level: Level): string {
  return t.t(levels[level])
}

/** Spanish writes language names small; at the start of a line they begin with a capital. */
function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A list of rows with rules between them. */
export function Shelf(props: { label?: string; children: readonly ReactElement[] }): ReactElement {
  return (
    <>
      <ListLabel text={props.label} />
      <ul className={css.shelf}>
        {props.children.map((row) => (
          <li key={row.key}>{row}</li>
        ))}
      </ul>
    </>
  )
}
