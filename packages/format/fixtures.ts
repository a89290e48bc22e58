import { readCourse } from './read.ts'
import type { ReportLine } from './report.ts'
import type { CourseSource, LessonSource } from './source.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** A course folder for a test: `config.yaml` and whatever is given, texts as UTF-8. */
export function folderOf(files: Record<string, string | Uint8Array>): Map<string, Uint8Array> {
  const all: Record<string, string | Uint8Array> = {
    'config.yaml': "title: 'A test'\nlang: en\nlicense: 'CC BY 4.0'\n",
    ...files,
  }
  return new Map(
    Object.entries(all).map(([path, content]) => [
      path,
      typeof content === 'string' ? bytes(content) : content,
    ]),
  )
}

export type Page = {
  course: CourseSource
  lesson: LessonSource
  html: string
  report: ReportLine[]
  /** The lines that are not exact, as `line element outcome: why`. */
  losses: string[]
}

/** Reads one page as the only episode, `episodes/01-page.md`. */
export async function readPage(
  body: string,
  files: Record<string, string | Uint8Array> = {},
): Promise<Page> {
  const page = `---\ntitle: Page\nteaching: 10\nexercises: 0\n---\n${body}`
  const { course, report } = await readCourse(folderOf({ 'episodes/01-page.md': page, ...files }))
  const lesson = course.modules[0]?.lessons[0]
  if (!lesson) throw new Error('the course has no lesson')
  const losses = report
    .filter((line) => line.outcome !== 'exact' && line.file === 'episodes/01-page.md')
    .map((line) => `${line.line} ${line.element} ${line.outcome}: ${line.why}`)
  return { course, lesson, html: lesson.html, report, losses }
}
