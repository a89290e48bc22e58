import { CourseError } from '@colonnade/format'
import { isAway, PeerError, Problem } from '@colonnade/http'
import { Notice, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from '../elements/desk.module.css'

/** Why something was not done, as a teacher can do something about it. */
export type Failure = {
  status: number
  text: string
  /** What is at fault in the files; its words are English, as the reader's are. */
  faults?: readonly { file: string; line: number; problem: string; mend: string }[]
}

/** What an error means on a page; undefined for one that is a mistake of ours. */
export function failureOf(error: unknown, t: Translator): Failure | undefined {
  if (error instanceof CourseError) {
    return { status: 422, text: t.t('desk.failed.course'), faults: [error, ...error.others] }
  }
  if (error instanceof Problem && error.status === 409)
    return { status: 409, text: t.t('desk.failed.taken') }
  if (error instanceof Problem && error.status === 413)
    return { status: 413, text: t.t('desk.failed.large') }
  if (error instanceof PeerError && error.status === 422)
    return { status: 422, text: t.t('desk.failed.refused', { why: error.detail }) }
  if (error instanceof PeerError || isAway(error))
    return { status: 503, text: t.t('desk.failed.away') }
  return undefined
}

export function FailureNotice({ failure, t }: { failure: Failure; t: Translator }): ReactElement {
  const { text, faults = [] } = failure
  return (
    <Notice kind="error">
      <p>{text}</p>
      {faults.map(({ file, line, problem, mend }) => (
        <dl key={`${file}:${line} ${problem}`} className={css.fault}>
          <dt>{t.t('desk.failed.where')}</dt>
          <dd>
            <code>
              {file}:{line}
            </code>
          </dd>
          <dt>{t.t('desk.failed.what')}</dt>
          <dd lang="en">{problem}</dd>
          <dt>{t.t('desk.failed.mend')}</dt>
          <dd lang="en">{mend}</dd>
        </dl>
      ))}
      <p>{t.t('desk.failed.kept')}</p>
    </Notice>
  )
}
