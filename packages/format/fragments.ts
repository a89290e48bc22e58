import type { ReadLesson } from './lesson.ts'
import type { Report } from './report.ts'

/** Reports links to places in a page that the page does not have; they lead to its top. */
export function checkFragments(lessons: ReadLesson[], report: Report): void {
  const bySlug = new Map(lessons.map((read) => [read.lesson.slug, read]))
  for (const { lesson, links } of lessons) {
    for (const { line, slug, fragment } of links.references) {
      const target = bySlug.get(slug ?? lesson.slug)
      if (fragment === '' || target?.ids.has(fragment))
        report.exact(lesson.path, line, 'link in the course')
      else {
        const where = target ? target.lesson.path : `the page ${slug}`
        report.approximated(
          lesson.path,
          line,
          'link',
          `${where} has no place called “${fragment.slice(0, 60)}”`,
        )
      }
    }
  }
}
