import { Breadcrumb, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import type { CourseName } from './model.ts'
import { myCoursePath, myPath } from './paths.ts'

export type Shown<Data> = { data: Data; local(path: string): string; t: Translator }

/** What a text of the course's author is written in. */
export const ownOf = ({ language, direction }: CourseName) => ({ lang: language, dir: direction })

/** The way from a person's courses to here. */
export function Crumbs(props: {
  course?: CourseName
  here?: string
  local(path: string): string
  t: Translator
}): ReactElement {
  const { course, here, local, t } = props
  const crumbs = [
    { label: t.t('learn.my.title'), href: local(myPath) },
    ...(course && here ? [{ label: course.title, href: local(myCoursePath(course.slug)) }] : []),
    ...(course && !here ? [{ label: course.title }] : []),
    ...(here ? [{ label: here }] : []),
  ]
  return <Breadcrumb t={t} crumbs={crumbs} />
}
