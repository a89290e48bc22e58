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
  { below: '/intake', label: 'desk.nav.intake', public: true },
  { below: '/learners', label: 'desk.nav.learners', public: true },
  { below: '/progress', label: 'desk.nav.progress', public: true },
  { below: '/essays', label: 'desk.nav.essays', public: true },
] as const satisfies readonly Page[]

type Page = {
  below: string
  label: MessageId
  /** Only there while the course is on the site. */
  public?: true
}

/** Where one can go on a course's desk. @param desk its address, without the language's prefix */
export function DeskNav(props: {
  visit: Pick<Visit, 't' | 'local'>
  desk: string
  current: (typeof pages)[number]['below']
  /** Whether the course is on the site; it is unless told. */
  isPublic?: boolean
}): ReactElement {
  const { visit, desk, current, isPublic = true } = props
  const shown = pages.filter((page: Page) => isPublic || !page.public)
  return (
    <DeskLinks
      label={visit.t.t('desk.nav')}
      links={shown.map(({ below, label }) => ({
        label: visit.t.t(label),
        href: visit.local(desk + below),
        current: below === current,
      }))}
    />
  )
}
