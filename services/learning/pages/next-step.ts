import { lessonPath } from '@colonnade/courses/contract'
import type { EnrolmentBody } from '../api/shapes.ts'
import type { Plan } from '../plan.ts'
import { itemPath } from './paths.ts'

type Asked = Pick<EnrolmentBody, 'done' | 'position' | 'items'>
type Step = { title: string; href: string }

/**
 * Where to go on: where one was, unless that is done; else the next lesson that is not; else graded work that waits to be
 * handed in. Null when nothing is left.
 */
export function nextStep(plan: Plan, { done, position, items }: Asked): Step | null {
  const isDone = new Set(done)
  const lessons = [...plan.lessons.values()]
  const at = lessons.findIndex(({ key }) => key === position?.lesson)
  const here = lessons[at]
  if (here && position && !isDone.has(here.key)) {
    const anchor = position.anchor ? `#${encodeURIComponent(position.anchor)}` : ''
    return { title: here.title, href: lessonPath(plan.slug, here.slug) + anchor }
  }
  const open = [...lessons.slice(at + 1), ...lessons.slice(0, Math.max(0, at))].find(
    ({ key }) => !isDone.has(key),
  )
  if (open) return { title: open.title, href: lessonPath(plan.slug, open.slug) }
  const work = items.find(({ running, share }) => running !== null || share === null)
  return work ? { title: work.title, href: itemPath(plan.slug, work.key) } : null
}
