import { DeskLinks, type MessageId } from '@colonnade/ui'
import type { ReactElement } from 'react'
import type { Visit } from './visit.ts'

/**
 * The pages of a course's desk, whichever service they are of, each below the desk's own address. One that exists has a
 * line here; a service that adds a page adds its line.
 */
const pages = [
  { below: '', label: 'desk.nav.course' },
  { below: '/report', label: 'desk.nav.report' },
  { below: '/changes', label: 'desk.nav.changes' },
  { below: '/intake', label: 'desk.nav.intake' },
  { below: '/learners', label: 'desk.nav.learners' },
  { below: '/progress', label: 'desk.nav.progress' },
  { below: '/essays', label: 'desk.nav.essays' },
] as const satisfies readonly { below: string; label: MessageId }[]

/** Where one can go on a course's desk. @param desk its address, without the language's prefix */
export function DeskNav(props: {
  visit: Pick<Visit, 't' | 'local'>
  desk: string
  current: (typeof pages)[number]['below']
}): ReactElement {
  const { visit, desk, current } = props
  return (
    <DeskLinks
      label={visit.t.t('desk.nav')}
      links={pages.map(({ below, label }) => ({
        label: visit.t.t(label),
        href: visit.local(desk + below),
        current: below === current,
      }))}
    />
  )
}
