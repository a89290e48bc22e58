import type { ReactElement, ReactNode } from 'react'
import css from '../elements/people.module.css'
import { Drum } from './drum.tsx'

export interface BylineProps {
  name: string
  href?: string | undefined
  /** `Lead teacher`, `Assistant`. */
  role?: string | undefined
  /** Title and organisation, already joined. */
  affiliation?: string | undefined
  /** A `<Picture>`; without it the drum stands in. */
  picture?: ReactNode
  /** The note that this person is made up. */
  example?: string | undefined
  /** Numbers, links. */
  facts?: ReactNode
  /** The biography, in a `prose` element of the caller. */
  children?: ReactNode
  lang?: string | undefined
}

/** A person as a newspaper names its writers. */
export function Byline(props: BylineProps): ReactElement {
  const { name, href } = props
  return (
    <article className={css.byline} lang={props.lang}>
      <div className={css.portrait}>{props.picture ?? <Drum name={name} size={72} />}</div>
      <div className={css.words}>
        <h3 className={css.personName}>{href ? <a href={href}>{name}</a> : name}</h3>
        {props.role || props.affiliation ? (
          <p className="quiet">{[props.role, props.affiliation].filter(Boolean).join(' · ')}</p>
        ) : null}
        {props.facts ? <div className={css.personFacts}>{props.facts}</div> : null}
        {props.example ? <p className={css.example}>{props.example}</p> : null}
        {props.children}
      </div>
    </article>
  )
}
