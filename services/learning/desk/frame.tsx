import { deskPath } from '@colonnade/courses/contract'
import { DeskNav } from '@colonnade/personal'
import { Breadcrumb, type MessageId, Sheet } from '@colonnade/ui'
import type { ComponentProps, ReactElement, ReactNode } from 'react'
import type { AtCourse } from './at-course.ts'

/** The frame of a page of a course's desk: where it stands, its name, and the way to the others. */
export function DeskSheet(props: {
  at: AtCourse
  title: MessageId
  current: ComponentProps<typeof DeskNav>['current']
  /** A page below this one. */
  below?: string
  children: ReactNode
}): ReactElement {
  const { at, title, current, below, children } = props
  const { visit, plan } = at
  const { t, local } = visit
  const desk = deskPath(plan.slug)
  const here = t.t(title)
  return (
    <Sheet
      title={below ?? here}
      above={
        <Breadcrumb
          t={t}
          crumbs={[
            { label: t.t('desk.title'), href: local('/teach') },
            { label: plan.title, href: local(desk) },
            ...(below
              ? [{ label: here, href: local(desk + current) }, { label: below }]
              : [{ label: here }]),
          ]}
        />
      }
    >
      <DeskNav visit={visit} desk={desk} current={current} />
      {children}
    </Sheet>
  )
}

/** The title of a page of a desk, for the browser's tab. */
export const titleOf = ({ visit, plan }: AtCourse, title: MessageId): string =>
  `${visit.t.t(title)} · ${plan.title}`
