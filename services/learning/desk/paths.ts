import { deskPath } from '@colonnade/courses/contract'

/** Pages of a course's desk that learning answers, without a language's prefix. */
export const personal = [
  '/teach/:slug/learners',
  '/teach/:slug/learners.csv',
  '/teach/:slug/learners/:enrolment',
  '/teach/:slug/progress',
  '/teach/:slug/essays',
  '/teach/:slug/essays/:attempt',
  '/teach/:slug/intake',
] as const

export const learnersPath = (slug: string) => `${deskPath(slug)}/learners`
export const learnersCsvPath = (slug: string) => `${deskPath(slug)}/learners.csv`
export const learnerPath = (slug: string, enrolment: string) => `${learnersPath(slug)}/${enrolment}`
export const essaysPath = (slug: string) => `${deskPath(slug)}/essays`
export const essayPath = (slug: string, attempt: string) => `${essaysPath(slug)}/${attempt}`
export const intakePath = (slug: string) => `${deskPath(slug)}/intake`
