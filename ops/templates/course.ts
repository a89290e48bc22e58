import { basename, join, relative, resolve } from 'node:path'
import { root } from '../root.ts'
import { fillTemplate } from './fill.ts'

export const courseLanguages = ['en', 'es'] as const
export type CourseLanguage = (typeof courseLanguages)[number]

/** Makes a course folder that already works, named after itself. @returns the paths of its files */
export async function makeCourse(folder: string, language: CourseLanguage): Promise<string[]> {
  const name = basename(resolve(folder))
  const words = name.replace(/[-_]+/g, ' ').trim() || 'A new course'
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  const schema = join(root, 'packages/format/schema/course.json')
  return await fillTemplate(`course/${language}`, folder, {
    // Written as YAML whatever is in it: JSON strings are a part of YAML.
    title: /^[\p{L}\p{N} ]+$/u.test(title) ? title : JSON.stringify(title),
    slug: slugOf(name),
    schema: relative(join(resolve(folder), 'colonnade'), schema).replaceAll('\\', '/'),
  })
}

const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'new-course'
