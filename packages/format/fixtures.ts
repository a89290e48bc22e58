import { CourseError } from './errors.ts'
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

/** A question with an answer, for a test. */
export const question = (words = 'Asked?') =>
  `:::: question\n${words}\n\n- [x] yes\n- [ ] no\n::::\n`

/** A quiz with these attributes. */
export const quiz = (attributes: string, body = question()) =>
  `::: {.quiz #check title="Check" ${attributes}}\n${body}\n:::\n`

/** Why a page is refused: each reason with its place. */
export async function refusals(
  body: string,
  files: Record<string, string> = {},
): Promise<string[]> {
  const error = await readPage(body, files).then(
    () => null,
    (caught: unknown) => caught,
  )
  if (!(error instanceof CourseError)) throw new Error(`not refused but ${String(error)}`)
  return [error, ...error.others].map(({ file, line, problem }) => `${file}:${line}: ${problem}`)
}
