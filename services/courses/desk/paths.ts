import { languages, localPath } from '@colonnade/ui'

/** No slug is `-`, so nothing of ours stands in the way of a course. */
export const uploadPath = '/teach/-/upload'

/** Pages of the desk that courses answers, without a language's prefix. */
export const personal = [
  '/teach',
  uploadPath,
  '/teach/:slug',
  '/teach/:slug/report',
  '/teach/:slug/changes',
  '/teach/:slug/preview',
  '/teach/:slug/preview/lessons/:lesson',
  '/teach/:slug/preview/lessons/:lesson/quizzes/:quiz',
  '/teach/:slug/preview/files/*',
  '/teach/:slug/publish',
  '/teach/:slug/discard',
  '/teach/:slug/hide',
  '/teach/:slug/show',
] as const

/** Reading a large course takes its time. */
export const patient = languages.map((lang) => localPath(lang, uploadPath))
