import { coursePath, itemPath, lessonPath } from '../contract.ts'
import { escapeAttribute } from '../publishing/escape.ts'
import type { LessonPage } from '../queries/lesson.ts'

/**
 * Lets a page that was made for everybody be one of a preview: its links and forms stay in the preview, and the elements
 * that would note in the browser what was read are plain boxes.
 * @param slug of the course as the page has it
 * @param preview where the preview is, with the language's prefix
 */
export function asPreview(html: string, slug: string, preview: string): string {
  const course = coursePath(slug).replace(/[^\w/-]/g, '\\$&')
  const tag = /<(a|form|video|source|track)\b(?:[^"'>]|"[^"]*"|'[^']*')*>/g
  const address = new RegExp(
    `(\\s(?:href|action|src|poster)=")(?:/[a-z]{2})?${course}(?=["/#?])([^"]*)"`,
    'g',
  )
  return html
    .replace(tag, (found, name: string) =>
      found.replace(address, (_, start: string, rest: string) => {
        // A quiz is sent to the page that marks it.
        const path = name === 'form' ? rest.replace(/\/answers$/, '') : rest
        return `${start}${preview}${path}"`
      }),
    )
    .replace(/<(\/?)(?:course-place|lesson-place|quiz-box)\b/g, '<$1div')
}

/** Lets what counts be looked at in the preview, where the page of everybody leads to each learner's own. */
export function withGraded(html: string, { courseSlug, slug, graded }: LessonPage): string {
  return graded.reduce((page, { quiz, item }) => {
    const own = `${escapeAttribute(itemPath(courseSlug, item))}"`
    const shown = `${escapeAttribute(lessonPath(courseSlug, slug))}/quizzes/${encodeURIComponent(quiz)}"`
    return page.replaceAll(own, () => shown)
  }, html)
}
