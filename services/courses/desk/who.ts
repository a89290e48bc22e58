import type { Database } from '@colonnade/db'
import type { Person } from '@colonnade/http'
import type { Visit } from '@colonnade/personal'
import type { Importer } from '../publishing/importer.ts'
import type { DeskCourse } from '../queries/desk.ts'

/** What the desk works with. */
export type Desk = { db: Database; importer: Importer; nudge(): void }

/** A teacher at a course of theirs. */
export type AtCourse = Desk & {
  visit: Visit
  person: Person
  course: DeskCourse
  params: Readonly<Record<string, string>>
}

export const isAdministrator = (person: Person): boolean => person.roles.includes('administrator')

/** What somebody else took off the site, its owner cannot put back. */
export const isWithheld = ({ person, course }: Pick<AtCourse, 'person' | 'course'>): boolean =>
  course.wasPublished && !course.isPublished && !course.hidden && !isAdministrator(person)
