import type { CourseDetail } from '../queries/course.ts'
import type { LessonText } from '../queries/lesson.ts'

/** Front matter and the files of `colonnade/` are YAML, of which JSON is a part. */
const yaml = (fields: Record<string, unknown>) =>
  Object.entries(fields)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join('\n')

const div = (kind: string, entries: readonly string[]) =>
  entries.length === 0
    ? ''
    : `::: ${kind}\n\n${entries.map((entry) => `- ${entry}`).join('\n')}\n\n:::\n\n`

/** A course folder made of what is stored, for a course that came without files. */
export function composeFolder(
  course: CourseDetail,
  lessons: readonly LessonText[],
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const write = (path: string, text: string) => files.set(path, new TextEncoder().encode(text))
  const nameOf = (lesson: LessonText) =>
    `${String(lesson.position).padStart(2, '0')}-${lesson.slug}.md`
  write(
    'config.yaml',
    `${yaml({
      title: course.title,
      lang: course.language,
      license: course.licence,
      keywords: course.keywords.join(', '),
      source: course.source,
      episodes: lessons.map(nameOf),
    })}\n`,
  )
  write('index.md', `---\nsite: sandpaper::sandpaper_site\n---\n\n${course.descriptionHtml}\n`)
  for (const lesson of lessons) {
    const head = yaml({
      title: lesson.title,
      id: lesson.key,
      teaching: lesson.minutes,
      exercises: 0,
    })
    write(
      `episodes/${nameOf(lesson)}`,
      `---\n${head}\n---\n\n${div('questions', lesson.questions)}${div('objectives', lesson.objectives)}${lesson.html}\n\n${div('keypoints', lesson.keypoints)}`,
    )
  }
  write(
    'colonnade/course.yaml',
    `${yaml({
      slug: course.slug,
      subtitle: course.subtitle,
      subject: course.subject,
      level: course.level,
      effort: course.effort,
      skills: course.skills,
      outcomes: course.outcomes,
      attribution: course.attribution,
      sample: course.sample,
      modules: course.modules.map((module) => ({
        key: module.key,
        title: module.title,
        lessons: lessons.filter((lesson) => lesson.moduleKey === module.key).map(nameOf),
      })),
    })}\n`,
  )
  return files
}
