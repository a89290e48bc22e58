import type { FragmentAnswer } from '@colonnade/http'
import {
  asSubject,
  CourseRow,
  localPath,
  renderHtml,
  Section,
  Shelf,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import { coursePath } from '../contract.ts'
import type { Listed } from '../queries/course.ts'
import { shorten } from './shorten.ts'

/** A course on a shelf. */
export function courseRow(course: Listed, t: Translator): ReactElement {
  return (
    <CourseRow
      key={course.id}
      t={t}
      href={localPath(t.lang, coursePath(course.slug))}
      title={course.title}
      promise={course.subtitle || shorten(course.opening, 160)}
      subject={asSubject(course.subject)}
      modules={course.modules}
      minutes={course.minutes}
      level={course.level}
      language={course.language}
      teachers={course.teachers.map((teacher) => teacher.name)}
      rating={{ average: course.ratingAverage, count: course.ratingCount }}
    />
  )
}

/** The courses a person teaches, in the order given. */
export function renderTaught(
  ids: readonly number[],
  courses: readonly Listed[],
  t: Translator,
): FragmentAnswer {
  const tags = ids.map((id) => `course:${id}`)
  const found = ids.flatMap((id) => courses.find((course) => course.id === id) ?? [])
  if (found.length === 0) return { status: 204, tags }
  return {
    html: renderHtml(
      <Section id="taught" title={t.t('instructor.courses')}>
        <Shelf>{found.map((course) => courseRow(course, t))}</Shelf>
      </Section>,
    ),
    tags,
  }
}
