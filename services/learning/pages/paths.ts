import { itemPath } from '@colonnade/courses/contract'

export { itemPath }

/** Pages of learning, without a language's prefix. */
export const personal = [
  '/enrol/:slug',
  '/my',
  '/my/calendar',
  '/my/calendar/:file',
  '/my/files/:id',
  '/my/courses/:slug',
  '/my/courses/:slug/leave',
  '/my/courses/:slug/revision',
  '/my/courses/:slug/grade',
  '/my/courses/:slug/items/:item',
] as const

const part = encodeURIComponent

/** Paths of these pages, without the language's prefix. */
export const enrolPath = (slug: string) => `/enrol/${part(slug)}`
export const myPath = '/my'
export const myCoursePath = (slug: string) => `/my/courses/${part(slug)}`
export const gradePath = (slug: string) => `${myCoursePath(slug)}/grade`
export const attemptPath = (slug: string, item: string, attempt: string) =>
  `${itemPath(slug, item)}?attempt=${attempt}`
export const calendarPath = (token: string) => `/my/calendar/${token}.ics`
export const handedInPath = (id: string) => `/my/files/${id}`
