import type { MessageId, Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import type { DeskCourse } from '../queries/desk.ts'

/** Where a course stands: on the site or not, and whether a draft waits. */
export function StateOf({ course, t }: { course: DeskCourse; t: Translator }): ReactElement {
  const state: MessageId = course.isPublished
    ? 'desk.state.published'
    : course.wasPublished
      ? 'desk.state.hidden'
      : 'desk.state.new'
  const parts = [t.t(state), ...(course.draft !== null ? [t.t('desk.state.draft')] : [])]
  return <>{parts.join(' · ')}</>
}
